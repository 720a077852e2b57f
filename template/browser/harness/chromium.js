// Debian's Chromium as people have it: without the switches of test tools, which turn cookie partitioning and the popup
// blocker off.

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

// Values of Chromium's setting cookie_controls_mode.
const BLOCK_THIRD_PARTY_COOKIES = 1;
const BLOCK_THIRD_PARTY_COOKIES_IN_INCOGNITO_ONLY = 2; // what Chrome comes with

// Values of Chromium's content settings.
const ALLOW = 1;
const BLOCK = 2;

export const chrome = (options) => launch({ cookies: BLOCK_THIRD_PARTY_COOKIES_IN_INCOGNITO_ONLY, ...options });
export const chromeWithoutThirdPartyCookies = (options) => launch({ cookies: BLOCK_THIRD_PARTY_COOKIES, ...options });
export const chromeWithoutCookies = (options) =>
  launch({ cookies: BLOCK_THIRD_PARTY_COOKIES, allCookies: BLOCK, ...options });
export const chromeIncognito = (options) => chrome({ args: ["--incognito"], ...options });

function launch({ cookies, allCookies = ALLOW, folder, proxyPort, scripts = true, args = [] }) {
  const profile = mkdtempSync(join(folder, "chromium-"));
  mkdirSync(join(profile, "Default"));
  const preferences = {
    cookie_controls_mode: cookies,
    default_content_setting_values: { cookies: allCookies, javascript: scripts ? ALLOW : BLOCK },
  };
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify({ profile: preferences }));
  return puppeteer.launch({
    executablePath: "/usr/bin/chromium",
    pipe: true,
    ignoreDefaultArgs: true,
    defaultViewport: null,
    args: [
      "--remote-debugging-pipe",
      `--user-data-dir=${profile}`,
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--password-store=basic",
      "--ignore-certificate-errors",
      "--hide-scrollbars",
      "--window-size=1280,1000",
      `--proxy-server=http://127.0.0.1:${proxyPort}`,
      ...args,
      "about:blank",
    ],
  });
}

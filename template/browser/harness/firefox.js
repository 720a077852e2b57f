// Debian's Firefox ESR as people have it, driven by WebDriver BiDi, which it speaks itself.

import puppeteer from "puppeteer-core";

// Values of Firefox's setting network.cookie.cookieBehavior.
const BLOCK_ALL_CROSS_SITE_COOKIES = 1;
const PARTITION_CROSS_SITE_COOKIES = 5; // what Firefox comes with

export const firefox = (options) => launch({ cookies: PARTITION_CROSS_SITE_COOKIES, ...options });
export const firefoxWithoutCrossSiteCookies = (options) => launch({ cookies: BLOCK_ALL_CROSS_SITE_COOKIES, ...options });

function launch({ cookies, proxyPort, scripts = true }) {
  return puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    acceptInsecureCerts: true,
    defaultViewport: null,
    args: ["--width=1280", "--height=1000"],
    extraPrefsFirefox: {
      "network.cookie.cookieBehavior": cookies,
      "browser.contentblocking.category": "custom",
      "javascript.enabled": scripts,
      "dom.disable_open_during_load": true,
      "network.proxy.type": 1,
      "network.proxy.ssl": "127.0.0.1",
      "network.proxy.ssl_port": proxyPort,
    },
  });
}

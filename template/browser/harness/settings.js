// The browsers, each with a setting that decides over the cookies of frames.

import { chrome, chromeIncognito, chromeWithoutCookies, chromeWithoutThirdPartyCookies } from "./chromium.js";
import { firefox, firefoxWithoutCrossSiteCookies } from "./firefox.js";

export const CHROME = { name: "Chromium with Chrome's default", launch: chrome, keeps: "all" };
export const CHROME_BLOCKS = {
  name: "Chromium that blocks third-party cookies",
  launch: chromeWithoutThirdPartyCookies,
  keeps: "partitioned",
};
export const CHROME_INCOGNITO = { name: "Chromium in incognito", launch: chromeIncognito, keeps: "partitioned" };
export const CHROME_WITHOUT_COOKIES = {
  name: "Chromium that keeps no cookies",
  launch: chromeWithoutCookies,
  keeps: "none",
};
export const FIREFOX = { name: "Firefox ESR", launch: firefox, keeps: "partitioned" };
export const FIREFOX_BLOCKS = {
  name: "Firefox ESR that blocks all cross-site cookies",
  launch: firefoxWithoutCrossSiteCookies,
  keeps: "none",
};

/** Where frames have cookies, at least partitioned ones. */
export const WITH_COOKIES_IN_FRAMES = [CHROME, CHROME_BLOCKS, CHROME_INCOGNITO, FIREFOX];

/** All of them. */
export const ALL = [...WITH_COOKIES_IN_FRAMES, FIREFOX_BLOCKS];

/** One of each engine. */
export const ENGINES = [CHROME, FIREFOX];

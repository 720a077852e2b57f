// The browser's history after a logout. Chromium's back/forward cache stores `no-store` pages, too, and drops them if an
// unpartitioned HttpOnly cookie changes. Firefox stores none of them.

import assert from "node:assert/strict";
import { eventually } from "../harness/eventually.js";
import { USER } from "../harness/hub.js";
import { CHROME, ENGINES } from "../harness/settings.js";
import { signedInTab } from "../harness/sign_in.js";
import { SPACE } from "../harness/sites.js";
import { testIn } from "../harness/test_in.js";
import * as words from "../harness/words.js";

const PROFILE = `${SPACE}/profile`;
const LAST = `${SPACE}/?page=2`;

/** Marks the document, so that it can be recognized if the back/forward cache restores it. */
const mark = (tab, text) => tab.evaluate((text) => void (window.mark = text), text);

/** Moves through the history to another URL, and returns the mark of the document there: `undefined` if it was loaded again. */
async function traverse(tab, delta, url) {
  await tab.evaluate((delta) => history.go(delta), delta);
  await tab.isAt(url);
  await tab.isComplete();
  return tab.evaluate(() => window.mark);
}

/** Why Chromium did not restore pages of this tab from its back/forward cache: a list that grows. */
async function reasonsNotRestored(tab) {
  const reasons = [];
  const devtools = await tab.page.createCDPSession();
  await devtools.send("Page.enable");
  devtools.on("Page.backForwardCacheNotUsed", ({ notRestoredExplanations }) =>
    reasons.push(...notRestoredExplanations.map(({ reason }) => reason)),
  );
  return reasons;
}

for (const [name, delta, url, expected] of [
  ["one entry", -1, LAST, words.WELCOME],
  ["two entries", -2, PROFILE, words.PLEASE_SIGN_IN],
]) {
  testIn(ENGINES, `going back ${name} after a logout shows no page of the user's`, async (visitor, _, setting) => {
    const isCached = setting === CHROME;
    const tab = await signedInTab(visitor);
    const reasons = isCached ? await reasonsNotRestored(tab) : [];
    await tab.click(words.PROFILE);
    await tab.sees(words.PROFILE_HEADING);
    await mark(tab, "profile");
    await visitor.visit(LAST);
    await tab.sees(words.HELLO);
    await mark(tab, "last");

    // Without a logout both pages show the user, in Chromium from its back/forward cache, or this proves nothing.
    assert.equal(await traverse(tab, -1, PROFILE), isCached ? "profile" : undefined);
    await tab.sees(USER.name);
    assert.equal(await traverse(tab, 1, LAST), isCached ? "last" : undefined);
    await tab.sees(words.HELLO);
    assert.deepEqual(reasons, []);

    await tab.click(words.SIGN_OUT);
    await tab.isAt(`${SPACE}/`);
    await tab.sees(words.WELCOME);
    assert.equal(await traverse(tab, delta, url), undefined);
    const html = await tab.evaluate(() => document.documentElement.outerHTML);
    for (const text of [USER.name, USER.sub, USER.profile]) assert.ok(!html.includes(text), html);
    assert.ok((await tab.text()).includes(expected), html);
    if (isCached) {
      await eventually(() => reasons.length, "the reason why nothing was restored");
      assert.deepEqual(reasons, ["CacheControlNoStoreHTTPOnlyCookieModified"]);
    }
  });
}

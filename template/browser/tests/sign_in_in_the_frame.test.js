import assert from "node:assert/strict";
import { ENGINES, WITH_COOKIES_IN_FRAMES } from "../harness/settings.js";
import { signInByTab, signedInFrame } from "../harness/sign_in.js";
import { HUB, SPACE, spacePage } from "../harness/sites.js";
import { testIn } from "../harness/test_in.js";
import * as words from "../harness/words.js";

testIn(WITH_COOKIES_IN_FRAMES, "the frame is signed in without a click, and stays so", async (visitor) => {
  const { frame, tab } = await signedInFrame(visitor);
  assert.equal(new URL(await tab.url()).origin, SPACE);

  await visitor.visit(spacePage());
  await frame.sees(words.HELLO);
});

testIn(WITH_COOKIES_IN_FRAMES, "the tab goes on here, signed in", async (visitor) => {
  const { tab } = await signedInFrame(visitor, "?page=2");
  await tab.click(words.GO_ON_HERE);
  await tab.sees(words.HELLO);
  assert.equal(await tab.url(), `${SPACE}/?page=2`);
});

testIn(WITH_COOKIES_IN_FRAMES, "a logout in the iframe ends the login in the tab", async (visitor, world) => {
  const { frame, tab } = await signedInFrame(visitor);
  await tab.click(words.GO_ON_HERE);
  await tab.sees(words.HELLO);
  await visitor.backToTheSpace();
  await frame.click(words.SIGN_OUT);
  await frame.sees(words.WELCOME);

  world.edge.exchanges.length = 0;
  await tab.click(words.HOME);
  await tab.sees(words.WELCOME);
  assertHomeSentAuthCookie(world, "document");
});

testIn(WITH_COOKIES_IN_FRAMES, "a logout in the tab ends the login in the iframe", async (visitor, world) => {
  const { frame, tab } = await signedInFrame(visitor);
  await tab.click(words.GO_ON_HERE);
  await tab.sees(words.HELLO);
  await tab.click(words.SIGN_OUT);
  await tab.sees(words.WELCOME);

  world.edge.exchanges.length = 0;
  await visitor.visit(spacePage());
  await frame.sees(words.WELCOME);
  assertHomeSentAuthCookie(world, "iframe");
});

/** The browser still has the cookie, or the server would have revoked nothing. */
function assertHomeSentAuthCookie(world, destination) {
  const homes = world.edge.exchanges.filter(({ path, headers }) => path === "/" && headers["sec-fetch-dest"] === destination);
  assert.equal(homes.length, 1);
  assert.match(homes[0].headers.cookie ?? "", /(^|; )__Host-hf-auth=./);
}

testIn(WITH_COOKIES_IN_FRAMES, "one can sign in again after signing out in the frame", async (visitor) => {
  const { frame } = await signedInFrame(visitor);
  await frame.click(words.SIGN_OUT);
  await frame.sees(words.WELCOME);
  await signInByTab(visitor, frame);
  await frame.sees(words.HELLO);
});

testIn(ENGINES, "who denies is told so, is not signed in, and can try again", async (visitor) => {
  const frame = await visitor.visitSpace();
  const tab = await visitor.newTab(() => frame.click(words.SIGN_IN));
  await tab.click(words.DENY);
  await tab.sees(words.DENIED);
  await visitor.visit(spacePage());
  await frame.sees(words.WELCOME);

  await signInByTab(visitor, frame);
  await frame.sees(words.HELLO);
});

testIn(
  ENGINES,
  "without JavaScript one more button signs the frame in",
  async (visitor) => {
    const frame = await visitor.visitSpace("?page=2");
    await frame.click(words.CONTINUE);
    await frame.sees(words.NOT_YET);
    await frame.click("Go back");
    await frame.sees(words.WELCOME);

    await signInByTab(visitor, frame);
    await visitor.backToTheSpace();
    await frame.click(words.CONTINUE);
    await frame.sees(words.HELLO);
    assert.equal(await frame.url(), `${SPACE}/?page=2`);

    await visitor.visit(spacePage());
    await frame.sees(words.HELLO);
  },
  { scripts: false },
);

testIn(ENGINES, "in a tab of its own, the ordinary link signs in", async (visitor) => {
  const tab = await visitor.visit(`${SPACE}/?page=2`);
  await tab.click(words.SIGN_IN);
  await tab.sees(words.ASKS);
  assert.equal(new URL(await tab.url()).origin, HUB);
  await tab.click(words.ALLOW);
  await tab.sees(words.HELLO);
  assert.equal(await tab.url(), `${SPACE}/?page=2`);
  assert.equal((await visitor.browser.pages()).length, 1);

  await tab.click(words.SIGN_OUT);
  await tab.sees(words.WELCOME);
});

import assert from "node:assert/strict";
import { FIREFOX_BLOCKS } from "../harness/settings.js";
import { signInByTab } from "../harness/sign_in.js";
import { SPACE } from "../harness/sites.js";
import { testIn } from "../harness/test_in.js";
import * as words from "../harness/words.js";

testIn([FIREFOX_BLOCKS], "the frame says so and links to the app in its own tab, signed in", async (visitor) => {
  const frame = await visitor.visitSpace("?page=2#part");
  await signInByTab(visitor, frame);
  await frame.sees(words.NO_COOKIES);

  const tab = await visitor.newTab(() => frame.click(words.OWN_TAB));
  await tab.sees(words.HELLO);
  assert.equal(await tab.url(), `${SPACE}/?page=2#part`);
  await visitor.backToTheSpace();
  await frame.sees(words.NO_COOKIES);
});

testIn(
  [FIREFOX_BLOCKS],
  "without JavaScript a page says so and links to the app in its own tab, signed in",
  async (visitor) => {
    const frame = await visitor.visitSpace("?page=2");
    await signInByTab(visitor, frame);
    await visitor.backToTheSpace();
    await frame.click(words.CONTINUE);
    await frame.sees(words.NO_COOKIES);

    const tab = await visitor.newTab(() => frame.click(words.OWN_TAB));
    await tab.sees(words.HELLO);
    assert.equal(await tab.url(), `${SPACE}/?page=2`);
  },
  { scripts: false },
);

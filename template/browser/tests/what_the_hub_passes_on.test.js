import assert from "node:assert/strict";
import { ENGINES } from "../harness/settings.js";
import { signInByTab, signedInFrame } from "../harness/sign_in.js";
import { SPACE } from "../harness/sites.js";
import { testIn } from "../harness/test_in.js";
import * as words from "../harness/words.js";

testIn(ENGINES, "a deep link's query and hash survive a sign-in in the frame", async (visitor) => {
  const link = "?q=caf%C3%A9&page=2#part-3";
  const { frame, tab } = await signedInFrame(visitor, link);
  assert.equal(await frame.url(), `${SPACE}/${link}`);
  await tab.click(words.GO_ON_HERE);
  await tab.sees(words.HELLO);
  assert.equal(await tab.url(), `${SPACE}/?q=caf%C3%A9&page=2#part-3`);
});

testIn(ENGINES, "the Hub's theme decides, and stays while one clicks around and signs in", async (visitor) => {
  const theme = (view) => view.evaluate(() => document.documentElement.dataset.theme);
  for (const shown of ["dark", "light"]) {
    const frame = await visitor.visitSpace(`?__theme=${shown}`);
    assert.equal(await theme(frame), shown);
    await signInByTab(visitor, frame);
    await frame.sees(words.HELLO);
    assert.equal(await theme(frame), shown);
    await frame.click(words.PROFILE);
    await frame.sees("Your profile");
    assert.equal(await theme(frame), shown);
    await frame.click(words.HOME);
    await frame.sees(words.HELLO);
    assert.equal(await theme(frame), shown);
    await frame.click(words.SIGN_OUT);
    await frame.sees(words.WELCOME);
    assert.equal(await theme(frame), shown);
  }
  const frame = await visitor.visitSpace("?__theme=system");
  assert.equal(await theme(frame), undefined);
  await frame.click(words.HOME);
  await frame.isAt(`${SPACE}/`);
  await frame.sees(words.WELCOME);
  assert.equal(await theme(frame), undefined);
});

testIn(ENGINES, "the credential of a private Space reaches no link, log or other site", async (visitor, world) => {
  const frame = await visitor.visitSpace("?__sign=secret-credential&page=2");
  const values = await frame.evaluate(() =>
    [...document.querySelectorAll("[href], [action], [value]")].map((element) => element.outerHTML).join("\n"),
  );
  assert.ok(!values.includes("secret-credential"), values);
  const tab = await signInByTab(visitor, frame);
  await frame.sees(words.HELLO);
  await tab.click(words.GO_ON_HERE);
  await tab.sees(words.HELLO);
  assert.equal(await tab.url(), `${SPACE}/?page=2`);
  assert.ok(!world.app.log().includes("secret-credential"));
});

// State of the app's own, in the iframe and in the tab: each has its own, by the jar of its cookie.

import assert from "node:assert/strict";
import { ENGINES, WITH_COOKIES_IN_FRAMES } from "../harness/settings.js";
import { signedInFrame } from "../harness/sign_in.js";
import { spacePage } from "../harness/sites.js";
import { testIn } from "../harness/test_in.js";
import * as words from "../harness/words.js";

testIn(WITH_COOKIES_IN_FRAMES, "a logout in the iframe leaves a message there, which one page shows", async (visitor, world) => {
  const { frame, tab } = await signedInFrame(visitor);
  await frame.click(words.SIGN_OUT);
  await frame.sees(words.SIGNED_OUT);
  await frame.sees(words.WELCOME);
  await frame.toAnotherDocument(() => frame.click(words.HOME));
  await frame.sees(words.WELCOME);
  assert.ok(!(await frame.text()).includes(words.SIGNED_OUT));
  assert.match(cookiesOfHome(world, "iframe")[0], /(^|; )__Host-hf-session=./);

  await tab.click(words.GO_ON_HERE);
  await tab.sees(words.WELCOME);
  assert.ok(!(await tab.text()).includes(words.SIGNED_OUT), "the tab has a state of its own");
});

testIn(ENGINES, "a logout in a tab leaves a message there, which one page shows", async (visitor) => {
  const frame = await visitor.visitSpace();
  const tab = await visitor.newTab(() => frame.click(words.SIGN_IN));
  await tab.click(words.ALLOW);
  await tab.click(words.GO_ON_HERE);
  await tab.sees(words.HELLO);
  await tab.click(words.SIGN_OUT);
  await tab.sees(words.SIGNED_OUT);
  assert.match(await tab.evaluate(() => document.title), /^You are signed out\. · /);
  await tab.toAnotherDocument(() => tab.click(words.HOME));
  await tab.sees(words.WELCOME);
  assert.ok(!(await tab.text()).includes(words.SIGNED_OUT));
  await visitor.visit(spacePage());
  await frame.sees(words.WELCOME);
  assert.ok(!(await frame.text()).includes(words.SIGNED_OUT), "the iframe has a state of its own");
});

/** The cookies of the requests for the home page, as `iframe` or `document`. */
function cookiesOfHome(world, destination) {
  const requests = world.edge.exchanges.map(({ path, headers }) => ({ path, headers }));
  const homes = requests.filter(({ path, headers }) => path === "/" && headers["sec-fetch-dest"] === destination);
  return homes.map(({ headers }) => headers.cookie ?? "").filter((cookie) => cookie.includes("hf-session"));
}

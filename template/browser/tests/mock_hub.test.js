import assert from "node:assert/strict";
import { startLaptop } from "../harness/laptop.js";
import { ALL, ENGINES, FIREFOX_BLOCKS } from "../harness/settings.js";
import { testIn } from "../harness/test_in.js";
import * as words from "../harness/words.js";

const PAUL = "Paul Pro";
const HELLO_PAUL = `Hello, ${PAUL}!`;
const start = startLaptop;

testIn(
  ALL.filter((setting) => setting !== FIREFOX_BLOCKS),
  "on a laptop, the mock Hub's page shows the app in a frame that signs in, stays so, and signs out",
  async (visitor, { space, origin }) => {
    await visitor.visit(space);
    const frame = visitor.frame();
    const tab = await visitor.newTab(() => frame.click(words.SIGN_IN));
    await tab.click(PAUL);
    await tab.sees(words.TAB_IS_THROUGH);
    assert.equal(new URL(await tab.url()).origin, origin);
    await frame.sees(HELLO_PAUL);

    await visitor.visit(space);
    await frame.sees(HELLO_PAUL);
    await frame.click(words.SIGN_OUT);
    await frame.sees(words.WELCOME);
  },
  { start },
);

testIn(
  ENGINES,
  "on a laptop, the ordinary link signs in and out, and one can deny",
  async (visitor, { origin }) => {
    const tab = await visitor.visit(origin);
    await tab.click(words.SIGN_IN);
    await tab.click("Deny");
    await tab.sees(words.DENIED);
    await tab.click(words.SIGN_IN);
    await tab.click(PAUL);
    await tab.sees(HELLO_PAUL);
    await tab.click(words.SIGN_OUT);
    await tab.sees(words.WELCOME);
  },
  { start },
);

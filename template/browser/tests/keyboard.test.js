import { ENGINES } from "../harness/settings.js";
import { testIn } from "../harness/test_in.js";
import * as words from "../harness/words.js";

testIn(ENGINES, "the keyboard alone signs in and out, in the frame and in its tab", async (visitor) => {
  const frame = await visitor.visitSpace();
  const tab = await visitor.newTab(() => frame.pressTo(words.SIGN_IN));
  await tab.pressTo(words.ALLOW);
  await tab.sees(words.TAB_IS_THROUGH);
  await frame.sees(words.HELLO);
  await tab.pressTo(words.GO_ON_HERE);
  await tab.sees(words.HELLO);
  await frame.pressTo(words.PROFILE);
  await frame.sees("Your profile");
  await frame.pressTo(words.SIGN_OUT);
  await frame.sees(words.WELCOME);

  await tab.pressTo(words.HOME);
  await tab.sees(words.WELCOME);
  await tab.pressTo(words.SIGN_IN);
  await tab.pressTo(words.ALLOW);
  await tab.sees(words.HELLO);
  await tab.pressTo(words.SIGN_OUT);
  await tab.sees(words.WELCOME);
});

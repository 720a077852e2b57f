import { assertAccessible } from "../harness/axe.js";
import { startLaptop } from "../harness/laptop.js";
import { CHROME, CHROME_WITHOUT_COOKIES } from "../harness/settings.js";
import { signInByTab } from "../harness/sign_in.js";
import { SPACE, spacePage } from "../harness/sites.js";
import { testIn } from "../harness/test_in.js";
import * as words from "../harness/words.js";
import { startWorldForMembers } from "../harness/world.js";

const WITHOUT_SCRIPTS = { scripts: false };

testIn([CHROME], "axe-core finds nothing in the frame and in its tab", async (visitor, world) => {
  const frame = await visitor.visitSpace();
  await assertAccessible(frame, "home, signed out");

  const tab = await visitor.newTab(() => frame.click(words.SIGN_IN));
  await frame.sees("Waiting for the sign-in");
  await assertAccessible(frame, "home, waiting for the tab");
  await tab.click(words.DENY);
  await tab.sees(words.DENIED);
  await assertAccessible(tab, "denied");
  await tab.click(words.SIGN_IN);
  await tab.click(words.ALLOW);
  await tab.sees(words.HELLO);
  await tab.page.close();

  const through = await visitor.newTab(() => frame.click(words.SIGN_IN));
  await through.click(words.ALLOW);
  await through.sees(words.TAB_IS_THROUGH);
  await assertAccessible(through, words.TAB_IS_THROUGH);
  await frame.sees(words.HELLO);
  await visitor.backToTheSpace();
  await assertAccessible(frame, "home, signed in");
  await frame.click(words.PROFILE);
  await frame.sees("Your profile");
  await assertAccessible(frame, "profile");

  for (const [path, text] of [
    ["/oauth/huggingface/logout", "You stay signed in to Hugging Face itself"],
    ["/nowhere", "Error 404"],
  ]) {
    await visitor.visit(spacePage(path));
    await frame.sees(text);
    await assertAccessible(frame, text);
  }
});

testIn([CHROME], "axe-core finds nothing on the pages for somebody signed out", async (visitor, world) => {
  const frame = visitor.frame();
  for (const [path, text] of [
    ["/profile", "Please sign in"],
    ["/oauth/huggingface/login", "Signing in opens a new tab"],
    ["/oauth/huggingface/callback", words.UNKNOWN_SIGN_IN],
  ]) {
    await visitor.visit(spacePage(path));
    await frame.sees(text);
    await assertAccessible(frame, text);
  }
  world.hub.isDown = true;
  const tab = await visitor.visit(`${SPACE}/oauth/huggingface/login`);
  await tab.sees("Hugging Face is busy");
  await assertAccessible(tab, "Hugging Face is busy");
});

testIn(
  [CHROME],
  "axe-core finds nothing at a gate",
  async (visitor, world) => {
    world.hub.orgs = [];
    const frame = await visitor.visitSpace();
    await frame.sees(words.FOR_MEMBERS);
    await assertAccessible(frame, words.FOR_MEMBERS);
    await signInByTab(visitor, frame);
    await frame.sees(words.NOT_A_MEMBER);
    await visitor.backToTheSpace();
    await assertAccessible(frame, words.NOT_A_MEMBER);
  },
  { start: startWorldForMembers },
);

testIn(
  [CHROME],
  "axe-core finds nothing on what is there without JavaScript",
  async (visitor) => {
    const frame = await visitor.visitSpace();
    await assertAccessible(frame, "home, without JavaScript", WITHOUT_SCRIPTS);
    await frame.click(words.CONTINUE);
    await frame.sees(words.NOT_YET);
    await assertAccessible(frame, words.NOT_YET, WITHOUT_SCRIPTS);
  },
  WITHOUT_SCRIPTS,
);

testIn(
  [CHROME_WITHOUT_COOKIES],
  "axe-core finds nothing on what is there without JavaScript",
  async (visitor) => {
    const frame = await visitor.visitSpace();
    await frame.click(words.CONTINUE);
    await frame.sees(words.NO_COOKIES);
    await assertAccessible(frame, words.NO_COOKIES, WITHOUT_SCRIPTS);
  },
  WITHOUT_SCRIPTS,
);

testIn(
  [CHROME],
  "axe-core finds nothing on the mock Hub and on what its users see",
  async (visitor, { space, origin }) => {
    const hub = await visitor.visit(space);
    await assertAccessible(hub, "the mock Hub's page");
    const tab = await visitor.visit(origin);
    for (const user of ["Paul Pro", "Rita Restricted"]) {
      await tab.click(words.SIGN_IN);
      await tab.sees("Who do you want to be?");
      await assertAccessible(tab, "consent");
      await tab.click(user);
      await tab.click(words.PROFILE);
      await tab.sees("Your profile");
      await assertAccessible(tab, `profile of ${user}`);
      await tab.click(words.SIGN_OUT);
    }
  },
  { start: startLaptop },
);

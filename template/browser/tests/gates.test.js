// A Space for members of one organization, in a tab and in the frame.

import assert from "node:assert/strict";
import { CHROME, ENGINES } from "../harness/settings.js";
import { signInByTab } from "../harness/sign_in.js";
import { EVIL_SPACE, SPACE, evilSpacePage } from "../harness/sites.js";
import { testIn } from "../harness/test_in.js";
import * as words from "../harness/words.js";
import { startWorldForMembers } from "../harness/world.js";

const FOR_MEMBERS = { start: startWorldForMembers };
const WITHOUT_SCRIPTS = { ...FOR_MEMBERS, scripts: false };

testIn(
  ENGINES,
  "a stranger signs in in the frame, and is where the stranger was",
  async (visitor) => {
    const frame = await visitor.visitSpace("?page=2#part");
    await frame.sees(words.FOR_MEMBERS);
    await signInByTab(visitor, frame);
    await frame.sees(words.HELLO);
    assert.equal(await frame.url(), `${SPACE}/?page=2#part`);
  },
  FOR_MEMBERS,
);

testIn(
  ENGINES,
  "a stranger signs in in the frame, without JavaScript",
  async (visitor) => {
    const frame = await visitor.visitSpace("?page=2");
    await frame.sees(words.FOR_MEMBERS);
    await signInByTab(visitor, frame);
    await visitor.backToTheSpace();
    await frame.click(words.CONTINUE);
    await frame.sees(words.HELLO);
    assert.equal(await frame.url(), `${SPACE}/?page=2`);
  },
  WITHOUT_SCRIPTS,
);

testIn(
  ENGINES,
  "in a tab the way back has the query and the hash",
  async (visitor) => {
    const tab = await visitor.visit(`${SPACE}/profile?a=1#organizations`);
    await tab.sees(words.FOR_MEMBERS);
    await tab.click(words.SIGN_IN);
    await tab.click(words.ALLOW);
    await tab.sees("Your profile");
    assert.equal(await tab.url(), `${SPACE}/profile?a=1#organizations`);
  },
  FOR_MEMBERS,
);

testIn(
  ENGINES,
  "in a tab without JavaScript the way back has the query",
  async (visitor) => {
    const tab = await visitor.visit(`${SPACE}/profile?a=1#organizations`);
    await tab.click(words.SIGN_IN);
    await tab.click(words.ALLOW);
    await tab.sees("Your profile");
    assert.equal((await tab.url()).replace("#organizations", ""), `${SPACE}/profile?a=1`);
  },
  WITHOUT_SCRIPTS,
);

testIn(
  ENGINES,
  "who is no member may choose organizations again in the frame, and is let in when that is done",
  async (visitor, world) => {
    world.hub.orgs = [];
    const frame = await visitor.visitSpace("?page=2#part");
    await signInByTab(visitor, frame);
    await frame.sees(words.NOT_A_MEMBER);
    await frame.sees("You are signed in as Ada Example.");

    await visitor.backToTheSpace();
    const claims = () => world.edge.exchanges.filter(({ path }) => path.includes("/claim?prompt=consent"));
    const tab = await visitor.newTab(() => frame.click(words.CHOOSE_AGAIN));
    await tab.sees(words.ASKS);
    assert.equal(world.hub.asked.get("prompt"), "consent");
    await frame.sees("Waiting for the sign-in");
    world.hub.orgs = [{ sub: "a0", name: "Example Lab", preferred_username: "lab", roleInOrg: "write" }];
    await tab.click(words.ALLOW);
    await tab.sees(words.TAB_IS_THROUGH);
    await frame.sees(words.HELLO);
    assert.deepEqual([...new Set(claims().slice(0, -1).map(({ status }) => status))], [202]);
    assert.equal(claims().at(-1).status, 200);
    assert.equal(await frame.url(), `${SPACE}/?page=2#part`);
  },
  FOR_MEMBERS,
);

testIn(
  ENGINES,
  "who is no member may choose organizations again in a tab, without JavaScript, or sign in as somebody else",
  async (visitor, world) => {
    world.hub.orgs = [];
    const tab = await visitor.visit(`${SPACE}/profile?a=1`);
    await tab.click(words.SIGN_IN);
    await tab.click(words.ALLOW);
    await tab.sees(words.NOT_A_MEMBER);
    await tab.click(words.CHOOSE_AGAIN);
    await tab.click(words.ALLOW);
    await tab.sees(words.NOT_A_MEMBER);
    await tab.click(words.SOMEBODY_ELSE);
    await tab.sees(words.FOR_MEMBERS);
    assert.equal(await tab.url(), `${SPACE}/profile?a=1`);
  },
  WITHOUT_SCRIPTS,
);

testIn(
  [CHROME],
  "a form of another Space at a gate in a frame is not posted again when the frame is signed in",
  async (visitor, world) => {
    await visitor.visit(evilSpacePage("/form-to-a-page"));
    const frame = visitor.frame();
    await frame.click("Win a prize");
    await frame.sees(words.FOR_MEMBERS);
    await signInByTab(visitor, frame);
    await frame.sees(words.HELLO);
    assert.equal(await frame.url(), `${SPACE}/`);
    const posts = world.edge.exchanges.filter(({ method, path }) => method === "POST" && !path.startsWith("/oauth/"));
    assert.deepEqual(posts.map(({ path, status }) => [path, status]), [["/profile", 303]]);
    assert.equal(posts[0].headers.origin, EVIL_SPACE);
  },
  FOR_MEMBERS,
);

// A sibling host of the Space may set cookies with the domain of both, but none whose name begins with `__Host-`. Names that turn
// into ours if a server trims Unicode white space, or decodes percent-encoding, are not ours.

import assert from "node:assert/strict";
import { ATTACKER, USER } from "../harness/hub.js";
import { claimWith, logAttackerIn, openWith, startAttackersLogin } from "../harness/raw.js";
import { CHROME, ENGINES } from "../harness/settings.js";
import { signedInFrame } from "../harness/sign_in.js";
import { SHARED_DOMAIN, SIBLING, SPACE, spacePage } from "../harness/sites.js";
import { testIn } from "../harness/test_in.js";
import * as words from "../harness/words.js";

const forSharedDomain = (cookie) => `${cookie}; Domain=${SHARED_DOMAIN}; Path=/; Secure; SameSite=None`;

/** Cookies that a server which trims or decodes names takes for this one. */
const disguised = (cookie) => [
  `\u2000${cookie}`,
  `\u00a0${cookie}`,
  cookie.replace("__Host-", "%5F_Host-"),
  cookie.replace("__Host-", "%5f_Host-"),
];

/** Cookies of the attacker's own logins, each a pair of name and value; `forged` are all of them, disguised. */
async function attackersCookies(world) {
  const auth = await logAttackerIn(world);
  const { pending, callback } = await startAttackersLogin(world);
  const cookies = { auth, pending, handoff: `__Host-hf-handoff=${world.attacker.verifier}`, theme: "__Host-hf-theme=dark" };
  return { ...cookies, callback, forged: Object.values(cookies).flatMap(disguised) };
}

const WAYS = {
  "by Set-Cookie": async (visitor, world, cookies) => {
    world.sibling.cookies = cookies.map(forSharedDomain);
    await visitor.visit(SIBLING);
  },
  "by document.cookie": async (visitor, _, cookies) => {
    const tab = await visitor.visit(SIBLING);
    for (const cookie of cookies) {
      await tab.evaluate((cookie) => void (document.cookie = cookie), forSharedDomain(cookie));
    }
  },
};

/** Asserts that the browser sent these cookies with its last request for a path of the Space: otherwise a test proves nothing. */
function assertSent({ edge }, wanted, cookies, destination = "document") {
  const isIt = ({ path, headers }) => path === wanted && headers["sec-fetch-dest"] === destination;
  const { headers } = edge.exchanges.findLast(isIt);
  const sent = Buffer.from(headers.cookie ?? "", "latin1").toString().split("; ");
  for (const cookie of cookies) assert.ok(sent.includes(cookie), `${cookie} was not sent, only ${sent.join("\n")}`);
}

const theme = (view) => view.evaluate(() => document.documentElement.dataset.theme);

/** Redeems a handoff, as the script in the iframe does. */
const redeem = (view) => view.evaluate(async () => (await fetch("/oauth/huggingface/claim", { method: "POST" })).status);

for (const [way, forge] of Object.entries(WAYS)) {
  testIn(ENGINES, `a sibling host cannot forge our cookies ${way}`, async (visitor, world) => {
    const attack = await attackersCookies(world);
    await forge(visitor, world, attack.forged);

    // No login of the attacker.
    const tab = await visitor.visit(`${SPACE}/`);
    await tab.sees(words.WELCOME);
    assertSent(world, "/", attack.forged);
    assert.equal(await theme(tab), undefined);
    // No handoff.
    assert.equal(await redeem(tab), 400);
    assertSent(world, "/oauth/huggingface/claim", attack.forged, "empty");
    assert.equal((await claimWith(world, world.attacker.verifier)).status, 200, "the handoff was there to redeem");
    // No pending login.
    await visitor.visit(attack.callback);
    await tab.sees(words.UNKNOWN_SIGN_IN);
    assertSent(world, attack.callback.replace(SPACE, ""), attack.forged);
    await visitor.visit(`${SPACE}/`);
    await tab.sees(words.WELCOME);

    // The victim's login stays, beside one of the attacker's that is newer.
    await tab.click(words.SIGN_IN);
    await tab.click(words.ALLOW);
    await tab.sees(words.HELLO);
    const newer = disguised(await logAttackerIn(world));
    await forge(visitor, world, newer);
    await visitor.visit(`${SPACE}/`);
    await tab.sees(words.HELLO);
    assertSent(world, "/", newer);
    await tab.click(words.PROFILE);
    await tab.sees(words.PROFILE_HEADING);
    const profile = await tab.text();
    assert.ok(profile.includes(USER.name) && !profile.includes(ATTACKER.name), profile);
    await tab.click(words.SIGN_OUT);
    await tab.sees(words.WELCOME);
    assertSent(world, "/", newer);

    // Under their own names all of them are valid.
    const home = await openWith(world, "/", `${attack.auth}; ${attack.theme}`);
    assert.ok(home.body.includes(ATTACKER.name) && home.body.includes('data-theme="dark"'), home.body);
    const callback = await openWith(world, attack.callback, attack.pending);
    assert.deepEqual([callback.status, callback.cookies.some((cookie) => /^__Host-hf-auth=./.test(cookie))], [200, true]);
  });

  testIn([CHROME], `a sibling host cannot forge our cookies ${way}, in the iframe`, async (visitor, world) => {
    const { forged } = await attackersCookies(world);
    await forge(visitor, world, forged);
    const signedOut = await visitor.visitSpace();
    await signedOut.sees(words.WELCOME);
    assertSent(world, "/", forged, "iframe");
    assert.equal(await theme(signedOut), undefined);

    const { frame } = await signedInFrame(visitor);
    const newer = disguised(await logAttackerIn(world));
    await forge(visitor, world, newer);
    await visitor.visit(spacePage());
    await frame.sees(words.HELLO);
    assertSent(world, "/", newer, "iframe");
  });
}

// The ways in which a sign-in in the frame could be stolen or forced. None may lead anywhere.

import assert from "node:assert/strict";
import { eventually } from "../harness/eventually.js";
import { claimWith, postLogin } from "../harness/raw.js";
import { CHROME, ENGINES, WITH_COOKIES_IN_FRAMES } from "../harness/settings.js";
import { signedInFrame } from "../harness/sign_in.js";
import { EVIL_SPACE, HUB, SPACE, evilSpacePage, spacePage } from "../harness/sites.js";
import { testIn } from "../harness/test_in.js";
import { View } from "../harness/view.js";
import * as words from "../harness/words.js";

/** The attacker, who has the verifier, gets no session. */
async function attackerIsNotSignedIn(world) {
  const answer = await claimWith(world, world.attacker.verifier);
  assert.deepEqual([answer.status, answer.body], [202, '{"signed_in":false}']);
  assert.ok(!answer.cookies.some((cookie) => cookie.startsWith("__Host-hf-auth=")), answer.cookies.join("\n"));
}

testIn(ENGINES, "an attacker's challenge in a login link is not marked ready", async (visitor, world) => {
  const tab = await visitor.visit(`${SPACE}/oauth/huggingface/login?challenge=${world.attacker.challenge}`);
  await tab.click(words.ALLOW);
  await tab.sees(words.HELLO);
  await attackerIsNotSignedIn(world);
});

testIn(ENGINES, "a Hub URL that an attacker made is refused at the callback", async (visitor, world) => {
  const begun = await postLogin(world, world.attacker.challenge);
  assert.equal(begun.status, 303);
  assert.ok(begun.headers.location.startsWith(`${HUB}/oauth/authorize?`), begun.headers.location);

  const tab = await visitor.visit(begun.headers.location);
  await tab.click(words.ALLOW);
  await tab.sees(words.UNKNOWN_SIGN_IN);
  await attackerIsNotSignedIn(world);
  await visitor.visit(SPACE);
  await tab.sees(words.WELCOME);
});

testIn(ENGINES, "login CSRF: an attacker's callback is refused", async (visitor, world) => {
  const begun = await postLogin(world, world.attacker.challenge);
  const tab = await visitor.visit(world.hub.agree(begun.headers.location));
  await tab.sees(words.UNKNOWN_SIGN_IN);
  await visitor.visit(SPACE);
  await tab.sees(words.WELCOME);
  const frame = await visitor.visitSpace();
  await frame.sees(words.WELCOME);
});

for (const [name, path, frames] of [
  ["from another site", "/form", 0],
  ["from another site that hides itself with no-referrer", "/form-without-referrer", 0],
  ["from another site through a 307", "/form-through-307", 0],
  ["from an opaque sandbox", "/form-in-a-sandbox", 1],
]) {
  testIn(ENGINES, `a login form ${name} is refused, also when it is reloaded`, async (visitor, world) => {
    const evil = await visitor.visit(EVIL_SPACE + path);
    const form = frames ? visitor.frame() : evil;
    const tab = frames ? await visitor.newTab(() => form.click("Win a prize")) : (await form.click("Win a prize"), evil);
    await tab.sees(words.WELCOME);
    assert.equal(await tab.url(), `${SPACE}/`);
    await tab.page.reload({ waitUntil: "domcontentloaded" });
    await tab.sees(words.WELCOME);

    const posts = world.edge.exchanges.filter(({ method }) => method === "POST");
    assert.deepEqual(posts.map(({ path, status, answered }) => [path, status, answered.location]), [
      ["/oauth/huggingface/login", 303, "/"],
    ]);
    assert.equal(world.hub.consents, 0);
    await attackerIsNotSignedIn(world);
  });
}

testIn(ENGINES, "a login form from another Space on the Hub is refused", async (visitor, world) => {
  await visitor.visit(evilSpacePage("/form"));
  await visitor.frame().click("Win a prize");
  await eventually(() => world.edge.exchanges.some(({ path }) => path === "/oauth/huggingface/login"), "the post");
  const [{ status, answered }] = world.edge.exchanges;
  assert.deepEqual([status, answered.location], [303, "/"]);
  assert.equal(world.hub.consents, 0);
});

testIn([CHROME], "the same claim again is refused", async (visitor, world) => {
  const { frame } = await signedInFrame(visitor);
  const claim = world.edge.exchanges.find(({ path, status }) => path === "/oauth/huggingface/claim" && status === 200);
  const [, verifier] = /__Host-hf-handoff=([\w-]{43})/.exec(claim.headers.cookie);
  assert.equal((await claimWith(world, verifier)).status, 202);
  await frame.sees(words.HELLO);
});

testIn([CHROME], "a claim that does not come from a page of the Space is refused", async (_, world) => {
  for (const origin of [EVIL_SPACE, HUB, "null", null]) {
    const answer = await claimWith(world, world.attacker.verifier, origin);
    assert.equal(answer.status, 403, `Origin: ${origin}`);
    assert.ok(JSON.parse(answer.body).error);
  }
});

testIn(
  WITH_COOKIES_IN_FRAMES,
  "another Space on the Hub sends the user's cookie, but can change nothing and open no WebSocket",
  async (visitor, world) => {
    await signedInFrame(visitor);
    world.edge.exchanges.length = 0;
    await visitor.visit(evilSpacePage("/requests"));
    await visitor.frame().sees("All sent");

    const sent = (method, path, upgrade) =>
      eventually(
        () => world.edge.exchanges.find((one) => one.method === method && one.path === path && one.headers.upgrade === upgrade),
        `${method} ${path}`,
      );
    const requests = [
      await sent("POST", "/oauth/huggingface/logout"),
      await sent("POST", "/oauth/huggingface/claim"),
      await sent("GET", "/", "websocket"),
    ];
    for (const { method, path, status, headers } of requests) {
      assert.match(headers.cookie, /__Host-hf-auth=/, `${method} ${path} is sent with the cookie, or this proves nothing`);
      assert.equal(headers.origin, EVIL_SPACE);
      assert.equal(status, 403, `${method} ${path}`);
    }
    const image = await sent("GET", "/oauth/huggingface/logout");
    assert.equal(image.answered["set-cookie"], undefined);

    await visitor.visit(spacePage());
    await visitor.frame().sees(words.HELLO);
  },
);

for (const [name, url, frames] of [
  ["another Space that frames the app", `${EVIL_SPACE}/framing`, 0],
  ["another Space on the Hub that frames the app", evilSpacePage("/framing"), 1],
]) {
  testIn(ENGINES, `${name} shows nothing of it`, async (visitor, world) => {
    await signedInFrame(visitor);
    world.edge.exchanges.length = 0;
    const evil = await visitor.visitInNewTab(url);
    await (frames ? View.frameIn(evil.page) : evil).click("Show the app");
    const framed = await eventually(
      () => world.edge.exchanges.find(({ headers }) => headers["sec-fetch-dest"] === "iframe"),
      "the request of the frame",
    );
    assert.ok(framed.answered["content-security-policy"].includes(`frame-ancestors 'self' ${HUB};`));
    // The stylesheet is asked for by the page alone, so that it tells whether the page is shown.
    await evil.page.waitForNetworkIdle();
    assert.ok(!world.edge.exchanges.some(({ path }) => path.endsWith(".css")));
    for (const frame of evil.page.frames()) {
      const text = await frame.evaluate(() => document.body?.innerText ?? "").catch(() => "");
      assert.ok(!text.includes("My Space"), text);
    }
  });
}

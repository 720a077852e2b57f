// Requests without a browser, by which an attacker can send any header.

import { request as send } from "node:http";
import { ATTACKER } from "./hub.js";
import { SPACE } from "./sites.js";

/** Begins a sign-in as a frame does. */
export function postLogin(world, challenge, origin = SPACE) {
  return post(world, "login", { origin, "sec-fetch-mode": "navigate" }, new URLSearchParams({ challenge, _target_url: "/" }));
}

/** Claims a sign-in as the frame's script does; without an Origin where that is `null`. */
export function claimWith(world, verifier, origin = SPACE) {
  return post(world, "claim", { origin, cookie: `__Host-hf-handoff=${verifier}`, "sec-fetch-mode": "cors" }, "");
}

/** Opens a page of the Space with these cookies, pairs of name and value. */
export function openWith(world, url, cookie) {
  const { pathname, search } = new URL(url, SPACE);
  return exchange(world, "GET", pathname + search, { cookie, "sec-fetch-mode": "navigate" }, "");
}

/** Starts a login of the attacker; returns its cookie, and the callback URL that completes it where that cookie is sent. */
export async function startAttackersLogin(world) {
  const started = await postLogin(world, world.attacker.challenge);
  return { pending: cookieOf(started), callback: world.hub.agree(started.headers.location, ATTACKER) };
}

/** Logs the attacker in; returns the auth cookie, and leaves a handoff for the attacker's verifier. */
export async function logAttackerIn(world) {
  const { pending, callback } = await startAttackersLogin(world);
  return cookieOf(await openWith(world, callback, pending));
}

/** Name and value of the cookie that a response sets beside those that it removes. */
export function cookieOf(response) {
  const pairs = response.cookies.map((cookie) => cookie.split(";")[0]).filter((pair) => !/^[^=]*=$/.test(pair));
  if (pairs.length !== 1) throw new Error(`not one cookie: ${response.status} ${response.cookies.join("\n")}`);
  return pairs[0];
}

const post = (world, endpoint, headers, body) => exchange(world, "POST", `/oauth/huggingface/${endpoint}`, headers, body);

function exchange(world, method, path, headers, body) {
  const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null));
  const ofForm = method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {};
  return new Promise((resolve, reject) => {
    const request = send(
      {
        host: "127.0.0.1",
        port: world.app.port,
        method,
        path,
        headers: { host: new URL(SPACE).host, ...ofForm, ...sent },
      },
      async (answer) => {
        let text = "";
        for await (const chunk of answer) text += chunk;
        const cookies = answer.headers["set-cookie"] ?? [];
        resolve({ status: answer.statusCode, headers: answer.headers, cookies, body: text });
      },
    );
    request.on("error", reject).end(body.toString());
  });
}

// Requests without a browser, by which an attacker can send any header.

import { request as send } from "node:http";
import { SPACE } from "./sites.js";

/** Begins a sign-in as a frame does. */
export function postLogin(world, challenge, origin = SPACE) {
  return post(world, "login", { origin, "sec-fetch-mode": "navigate" }, new URLSearchParams({ challenge, _target_url: "/" }));
}

/** Claims a sign-in as the frame's script does; without an Origin where that is `null`. */
export function claimWith(world, verifier, origin = SPACE) {
  return post(world, "claim", { origin, cookie: `__Host-hand-off=${verifier}`, "sec-fetch-mode": "cors" }, "");
}

function post(world, endpoint, headers, body) {
  const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== null));
  return new Promise((resolve, reject) => {
    const request = send(
      {
        host: "127.0.0.1",
        port: world.app.port,
        method: "POST",
        path: `/oauth/huggingface/${endpoint}`,
        headers: { host: new URL(SPACE).host, "content-type": "application/x-www-form-urlencoded", ...sent },
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

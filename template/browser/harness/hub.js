// A stand-in for the Hub: an OpenID provider that refuses what the Hub refuses, and the pages that show Spaces.

import { createHash, randomBytes } from "node:crypto";
import { EVIL_SPACE, HUB, SPACE, escaped, formOf, page, redirect } from "./sites.js";

export const CLIENT = { id: "made-up-client", secret: "made-up secret of thirty-two bytes" };
const REDIRECT_URI = `${SPACE}/oauth/huggingface/callback`;
/** The user who agrees on the consent page. */
export const USER = {
  sub: "0123456789abcdef01234567",
  name: "Ada Example",
  preferred_username: "ada",
  profile: `${HUB}/ada`,
  isPro: true,
  orgs: [{ sub: "a0", name: "Example Lab", preferred_username: "lab", roleInOrg: "write", plan: "team" }],
};

/** The user who attacks others. */
export const ATTACKER = {
  sub: "fedcba9876543210fedcba98",
  name: "Mallory Example",
  preferred_username: "mallory",
  profile: `${HUB}/mallory`,
  isPro: false,
};

// As on huggingface.co, where a frame cannot navigate the page around it.
const SANDBOX =
  "allow-downloads allow-forms allow-modals allow-pointer-lock allow-popups allow-popups-to-escape-sandbox " +
  "allow-same-origin allow-scripts allow-storage-access-by-user-activation";
const ALONE = { "Cross-Origin-Opener-Policy": "same-origin" };

export class Hub {
  /** How often somebody was asked to consent. */
  consents = 0;
  /** The organizations that it tells of who signs in. */
  orgs = USER.orgs;
  /** The query of the last authorization request. */
  asked;
  /** Whether it answers nothing but 503. */
  isDown = false;
  #codes = new Map();
  #tokens = new Map();

  async answer(request, response) {
    if (this.isDown) return json(response, 503, { error: "temporarily_unavailable" });
    const url = new URL(request.url, HUB);
    const route = `${request.method} ${url.pathname.replace(/^\/spaces\/.*/, "/spaces")}`;
    switch (route) {
      case "GET /.well-known/openid-configuration":
        return json(response, 200, {
          issuer: HUB,
          authorization_endpoint: `${HUB}/oauth/authorize`,
          token_endpoint: `${HUB}/oauth/token`,
          userinfo_endpoint: `${HUB}/oauth/userinfo`,
        });
      case "GET /oauth/authorize":
        return this.#ask(url.searchParams, response);
      case "POST /oauth/authorize":
        return this.#decide(await formOf(request), response);
      case "POST /oauth/token":
        return this.#exchange(request, await formOf(request), response);
      case "GET /oauth/userinfo":
        return this.#userInfo(request.headers.authorization?.replace("Bearer ", ""), response);
      case "GET /spaces":
        return space(url, response);
      default:
        return json(response, 404, { error: "not found" });
    }
  }

  /** The callback URL, with a code, to which the Hub redirects a user who agrees at an authorization URL. */
  agree(authorizationUrl, user = USER) {
    return this.#callback(new URL(authorizationUrl).searchParams, user);
  }

  #ask(query, response) {
    const known =
      query.get("client_id") === CLIENT.id &&
      query.get("redirect_uri") === REDIRECT_URI &&
      query.get("response_type") === "code" &&
      query.get("code_challenge_method") === "S256" &&
      query.get("code_challenge")?.length === 43 &&
      query.get("state");
    if (!known) return json(response, 400, { error: "invalid_request" });
    this.consents += 1;
    this.asked = query;
    const fields = [...query].map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
    const form = `<form method="post">${fields.join("")}<button name="decision" value="allow">Authorize</button>
      <button name="decision" value="deny">Cancel</button></form>`;
    return page(response, "Authorize", `<main><h1>Authorize the app?</h1>${form}</main>`, {
      ...ALONE,
      "X-Frame-Options": "DENY",
    });
  }

  #decide(form, response) {
    if (form.get("decision") === "allow") return redirect(response, this.#callback(form, USER));
    const callback = new URL(REDIRECT_URI);
    callback.search = new URLSearchParams({
      error: "access_denied",
      error_description: "The user denied the request",
      state: form.get("state"),
    });
    return redirect(response, callback.href);
  }

  #callback(request, user) {
    const code = randomBytes(16).toString("hex");
    this.#codes.set(code, { challenge: request.get("code_challenge"), user });
    const callback = new URL(REDIRECT_URI);
    callback.search = new URLSearchParams({ code, state: request.get("state"), iss: HUB });
    return callback.href;
  }

  #exchange(request, form, response) {
    const basic = Buffer.from(request.headers.authorization?.replace("Basic ", "") ?? "", "base64").toString();
    const [id, secret] = basic.split(":").map((part) => decodeURIComponent(part.replaceAll("+", " ")));
    if (id !== CLIENT.id || secret !== CLIENT.secret) return json(response, 401, { error: "invalid_client" });
    const { challenge, user } = this.#codes.get(form.get("code")) ?? {};
    this.#codes.delete(form.get("code"));
    const verified = createHash("sha256").update(form.get("code_verifier") ?? "").digest("base64url");
    if (!challenge || challenge !== verified || form.get("redirect_uri") !== REDIRECT_URI) {
      return json(response, 400, { error: "invalid_grant" });
    }
    const token = `hf_oauth_${randomBytes(300).toString("hex")}`;
    this.#tokens.set(token, user);
    return json(response, 200, { access_token: token, token_type: "bearer", expires_in: 28_800, scope: form.get("scope") ?? undefined });
  }

  #userInfo(token, response) {
    const user = this.#tokens.get(token);
    if (!user) return json(response, 401, { error: "invalid_token" });
    return json(response, 200, { ...user, orgs: this.orgs });
  }
}

/** A Space's page. The Hub passes its own query and hash on to the frame when it loads. */
function space(url, response) {
  const [, , owner, name, ...path] = url.pathname.split("/");
  const origin = { "me/app": SPACE, "evil/app": EVIL_SPACE }[`${owner}/${name}`];
  const src = escaped(`${origin}/${path.join("/")}${url.search}`);
  const body = `<style>body { margin: 0 } iframe { border: 0; display: block; width: 100%; height: 100vh }</style>
    <template><iframe title="The Space" sandbox="${SANDBOX}" src="${src}"></iframe></template>
    <script>
      const frame = document.querySelector("template").content.firstChild;
      frame.src += location.hash;
      document.body.append(frame);
    </script>
    <noscript><iframe title="The Space" sandbox="${SANDBOX}" src="${src}"></iframe></noscript>`;
  page(response, "A Space on the Hub", body, ALONE);
}

function json(response, status, body) {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

// The made-up sites. They are cross-site to each other, as huggingface.co and all Spaces are; SIBLING alone is same-site to
// SPACE (`test` is the public suffix, `space.test` is not).

export const HUB = "https://hub.test";
export const SPACE = "https://me-app.space.test";
export const EVIL_SPACE = "https://evil-app.other.test";

/** A sibling host of the Space, as a custom domain has: its cookies can have the domain of both. */
export const SIBLING = "https://sibling.space.test";
export const SHARED_DOMAIN = "space.test";

export const NAMES = [HUB, SPACE, EVIL_SPACE, SIBLING].map((url) => new URL(url).hostname);

/** The Space's page on the Hub, with the query and the hash that the Hub passes on to the frame. */
export const spacePage = (more = "") => `${HUB}/spaces/me/app${more}`;

/** The page of another Space on the Hub; `more` is the path that its frame shows. */
export const evilSpacePage = (more) => `${HUB}/spaces/evil/app${more}`;

/** The body of a form or of a token request. */
export async function formOf(request) {
  let body = "";
  for await (const chunk of request) body += chunk;
  return new URLSearchParams(body);
}

/** Text as it stands in HTML. */
export const escaped = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A page of a made-up site. */
export function page(response, title, body, headers = {}) {
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store", ...headers });
  response.end(`<!doctype html><html lang="en"><meta charset="utf-8"><title>${title}</title><body>${body}`);
}

/** Sends a browser elsewhere. */
export function redirect(response, location, status = 303) {
  response.writeHead(status, { Location: location, "Cache-Control": "no-store" }).end();
}

// A sibling host of the Space, whose owner attacks the Space's users by cookies for the domain of both.

import { page } from "./sites.js";

export function siblingHost() {
  return {
    /** `Set-Cookie` headers of its page. */
    cookies: [],
    answer(response) {
      // Headers are bytes, which Node takes as Latin-1.
      const bytes = this.cookies.map((cookie) => Buffer.from(cookie).toString("latin1"));
      page(response, "A sibling host", "A sibling host", { "Set-Cookie": bytes });
    },
  };
}

// Another Space, whose owner attacks the users of the Space under test.

import { SPACE, escaped, page, redirect } from "./sites.js";

const LOGIN = `${SPACE}/oauth/huggingface/login`;

/** The pages of an attacker who has the verifier of `challenge`. */
export function evilSpace(challenge) {
  const form = (action) => `<form method="post" action="${action}">
    <input name="challenge" value="${challenge}"><input name="_target_url" value="/"><button>Win a prize</button></form>`;
  const pages = {
    "/form": () => form(LOGIN),
    "/form-to-a-page": () => form(`${SPACE}/profile`),
    "/form-without-referrer": () => `<meta name="referrer" content="no-referrer">${form(LOGIN)}`,
    "/form-through-307": () => form("/307"),
    "/form-in-a-sandbox": () => `<iframe sandbox="allow-forms allow-popups allow-popups-to-escape-sandbox"
      srcdoc='<base target="_blank">${form(LOGIN)}'></iframe>`,
    "/framing": () => `<button>Show the app</button><script>
      document.querySelector("button").onclick = () => {
        document.body.append(Object.assign(document.createElement("iframe"), { src: "${SPACE}/" }));
      };
    </script>`,
    // Of all that can be done without a click, what would change something at the Space.
    "/requests": () => `<p>Evil</p><img alt="" src="${SPACE}/oauth/huggingface/logout"><script type="module">
      const post = (path) => fetch("${SPACE}" + path, { method: "POST", mode: "no-cors", credentials: "include" });
      await post("/oauth/huggingface/logout").catch(() => {});
      await post("/oauth/huggingface/claim").catch(() => {});
      const socket = new WebSocket("${SPACE.replace("https", "wss")}/");
      await new Promise((closed) => { socket.onclose = socket.onopen = closed; });
      document.body.append("All sent");
    </script>`,
  };
  return (request, response) => {
    const { pathname: path, search } = new URL(request.url, SPACE);
    if (path === "/cookies") return page(response, "Cookies", `Cookies: ${escaped(request.headers.cookie ?? "")}`);
    if (path === "/set-cookie") {
      const [name, partitioned] = [search.slice(1), search === "?partitioned" ? "; Partitioned" : ""];
      return page(response, "Cookies", "Set", { "Set-Cookie": `${name}=1; Path=/; Secure; SameSite=None${partitioned}` });
    }
    if (path === "/307") return redirect(response, LOGIN, 307);
    return page(response, "Another Space", pages[path]?.() ?? "");
  };
}

// Signs a frame in as soon as the sign-in in the other tab is through, and has visitors come back to the part of the page
// that stands after the # of its URL, which no server sees. Each login form has this script before it, so that no click
// comes too early.

(() => {
  const BETWEEN_CLAIMS = 1_000; // milliseconds
  const GIVE_UP_AFTER = 600_000; // milliseconds: the time that a sign-in may be under way

  // What to do at once when the visitor comes back from the other tab.
  let onFocus = () => {};
  addEventListener("focus", () => onFocus());

  document.addEventListener("submit", async ({ target: form }) => {
    if (!form.dataset.claim || form.dataset.waits) return;
    const back = form.elements["_target_url"];
    back.value = withHash(back.value);
    form.dataset.waits = "yes";
    await wait(form);
    delete form.dataset.waits;
  });

  function keepHash() {
    for (const link of document.querySelectorAll("a[data-sign-in]")) {
      const url = new URL(link.href);
      const back = withHash(url.searchParams.get("_target_url") ?? "/");
      if (back === "/") continue;
      url.searchParams.set("_target_url", back);
      link.href = url;
    }
  }

  // Where it is the way back to this page.
  function withHash(back) {
    const url = new URL(back, location.origin);
    if (url.pathname !== location.pathname) return back;
    return url.pathname + url.search + location.hash;
  }

  addEventListener("hashchange", keepHash);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", keepHash);
  else keepHash();

  async function wait(form) {
    const status = form.querySelector("[role=status]");
    status.textContent = "Waiting for the sign-in in the other tab …";
    const end = Date.now() + GIVE_UP_AFTER;
    while (Date.now() < end) {
      const answer = await claim(form.dataset.claim);
      if (answer === 200) {
        location.reload();
        return;
      }
      if (answer === 400) {
        explain(status, form.elements["_target_url"].value);
        return;
      }
      await timeOrFocus();
    }
    status.textContent = "That took too long. Please sign in again.";
  }

  // A status of 0: no answer, so that the next claim tries again.
  async function claim(url) {
    try {
      return (await fetch(url, { method: "POST" })).status;
    } catch {
      return 0;
    }
  }

  function timeOrFocus() {
    return new Promise((resolve) => {
      setTimeout(resolve, BETWEEN_CLAIMS);
      onFocus = resolve;
    });
  }

  function explain(status, target) {
    const link = document.createElement("a");
    link.href = target;
    link.target = "_blank";
    link.textContent = "Open the app in its own tab";
    status.replaceChildren("This browser keeps no cookies in frames. ", link);
  }
})();

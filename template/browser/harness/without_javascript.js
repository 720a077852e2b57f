// What browsers without JavaScript show and do, in one that has it.

/** Shows what stands there for browsers without JavaScript. */
export async function showNoscript(view) {
  await view.isComplete();
  await view.evaluate(() => {
    for (const noscript of document.querySelectorAll("noscript")) noscript.outerHTML = noscript.textContent;
  });
}

/** Claims a sign-in from a tab, which has no verifier: as from a frame in a browser that keeps no cookies in frames. */
export function claimWithoutVerifier(tab) {
  return tab.evaluate(() => {
    const form = document.createElement("form");
    Object.assign(form, { method: "post", action: "/oauth/huggingface/claim" });
    document.body.append(form);
    form.submit();
  });
}

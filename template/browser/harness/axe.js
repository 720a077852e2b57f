// axe-core, which looks for what keeps people from using a page. https://github.com/dequelabs/axe-core

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const SIZES = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 800 } };

/** Checks what is shown, light and dark, on a desktop and on a phone. `scripts` says whether the browser runs a page's. */
export async function assertAccessible(view, name, { scripts = true } = {}) {
  await view.isComplete();
  for (const [size, viewport] of Object.entries(SIZES)) {
    await view.page.setViewport(viewport);
    for (const theme of ["light", "dark"]) {
      await view.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
      if (!scripts) await view.evaluate(runTimersAtOnce);
      await view.evaluate(source);
      const found = await view.evaluate(run);
      assert.deepEqual(found, [], `${name}, ${theme}, ${size}`);
      const overflow = await view.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${name}, ${theme}, ${size}: ${overflow} pixels too wide`);
    }
  }
}

// Those below run in the browser.

/** Without scripts no timer ever ends, and axe-core waits for some. */
function runTimersAtOnce() {
  window.setTimeout = (action, _, ...parameters) => void Promise.resolve().then(() => action(...parameters));
}

async function run() {
  for (const animation of document.getAnimations()) animation.finish();
  const { violations } = await axe.run(document, {
    iframes: false,
    rules: { "target-size": { enabled: true } }, // WCAG 2.2, which axe-core leaves out of its own accord
  });
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`);
}

// A test with a world of its own and a visitor in it.

import { test } from "node:test";
import { Visitor } from "./visitor.js";
import { startWorld } from "./world.js";

/**
 * One test for each setting; `steps` gets the visitor and the world, which `start` makes.
 * Other options go to the browser.
 */
export function testIn(settings, name, steps, { start = startWorld, ...options } = {}) {
  for (const setting of settings) {
    test(`${name}: ${setting.name}`, () => inNewWorld(setting, steps, start, options));
  }
}

async function inNewWorld(setting, steps, start, options) {
  const world = await start();
  try {
    const visitor = await Visitor.with(setting, world, options);
    try {
      await steps(visitor, world, setting).catch((error) => withAnswers(error, world));
    } finally {
      await visitor.leave();
    }
  } finally {
    await world.stop();
  }
}

/** What the Space answered last tells more of a failure in a frame than the page that stands there. */
function withAnswers(error, { edge }) {
  const last = edge?.exchanges.slice(-20) ?? [];
  error.message += last.map(({ status, method, path }) => `\n${status} ${method} ${path}`).join("");
  throw error;
}

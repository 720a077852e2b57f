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
    const attempt = () => inNewWorld(setting, steps, start, options);
    test(`${name}: ${setting.name}`, async (context) => {
      try {
        await attempt();
      } catch (error) {
        // A browser may lose a key or a tab. A fault that comes only now and then could hide here: hence the message.
        context.diagnostic(`tried again after: ${error.message}`);
        await attempt();
      }
    });
  }
}

async function inNewWorld(setting, steps, start, options) {
  const world = await start();
  try {
    const visitor = await Visitor.with(setting, world, options);
    try {
      await steps(visitor, world, setting);
    } finally {
      await visitor.leave();
    }
  } finally {
    await world.stop();
  }
}

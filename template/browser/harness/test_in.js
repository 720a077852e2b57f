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
    test(`${name}: ${setting.name}`, async (context) => {
      const world = await start();
      context.after(() => world.stop());
      const visitor = await Visitor.with(setting, world, options);
      context.after(() => visitor.leave());
      await steps(visitor, world, setting);
    });
  }
}

// That the browsers' settings are what their names say: otherwise the other tests would prove less.

import assert from "node:assert/strict";
import { ALL } from "../harness/settings.js";
import { EVIL_SPACE, evilSpacePage } from "../harness/sites.js";
import { testIn } from "../harness/test_in.js";

const KEPT = { all: ["third-party", "partitioned"], partitioned: ["partitioned"], none: [] };

testIn(ALL, "which cookies a frame of another site keeps", async (visitor, _, setting) => {
  await visitor.visit(`${EVIL_SPACE}/set-cookie?third-party`);
  await visitor.visit(evilSpacePage("/set-cookie?partitioned"));
  await visitor.frame().sees("Set");
  await visitor.visit(evilSpacePage("/cookies"));
  await visitor.frame().sees("Cookies:");
  const text = await visitor.frame().text();
  assert.deepEqual(["third-party", "partitioned"].filter((name) => text.includes(name)), KEPT[setting.keeps]);
});

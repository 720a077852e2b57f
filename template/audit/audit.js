// Runs the audits of the app as a Space behind TLS, and fails where one gives less than expected.

import { startWorld } from "../browser/harness/world.js";
import { lighthouse } from "./lighthouse.js";
import { observatory } from "./observatory.js";

const world = await startWorld();
const faults = [];
try {
  faults.push(...(await observatory(world)), ...(await lighthouse(world)));
} finally {
  await world.stop();
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

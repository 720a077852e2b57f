// Runs the audits that are named of the app as a Space behind TLS, and fails where one gives less than expected.

import { startWorld } from "../browser/harness/world.js";
import { lighthouse } from "./lighthouse.js";
import { observatory } from "./observatory.js";

const AUDITS = { observatory, lighthouse };

const world = await startWorld();
const faults = [];
try {
  for (const name of process.argv.slice(2)) faults.push(...(await AUDITS[name](world)));
} finally {
  await world.stop();
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

// Waiting for what will be so, however fast the machine is.

import { setTimeout as pause } from "node:timers/promises";

const LONGEST = 120_000; // milliseconds

/** What `look` gives as soon as it gives something; its errors count as "not yet". */
export async function eventually(look, what) {
  const end = Date.now() + LONGEST;
  let reason = "";
  while (Date.now() < end) {
    try {
      const found = await look();
      if (found) return found;
      reason = "";
    } catch (error) {
      reason = `: ${error.message}`;
    }
    await pause(50);
  }
  throw new Error(`never so: ${what}${reason}`);
}

// Lighthouse looks at the pages in Debian's Chromium, on a made-up phone with a slow network, as it does by default.

import run from "lighthouse";
import { computeMedianRun } from "lighthouse/core/lib/median-run.js";
import { CHROME } from "../browser/harness/settings.js";
import { SPACE } from "../browser/harness/sites.js";
import { Visitor } from "../browser/harness/visitor.js";
import { ALLOW, HELLO, SIGN_IN } from "../browser/harness/words.js";
import { PAGES, SCORES } from "./expected.js";

// What else a machine does costs points and never gives any: hence the median of several runs, and another round where
// that is too low. https://github.com/GoogleChrome/lighthouse/blob/main/docs/variability.md
const RUNS = 5;
const ROUNDS = 3;

/** What is worse than expected. */
export async function lighthouse(world) {
  const faults = [];
  for (const page of PAGES) faults.push(...(await look(world, page)));
  return faults;
}

async function look(world, { path, signedIn }) {
  const visitor = await Visitor.with(CHROME, world);
  try {
    if (signedIn) await signIn(visitor);
    let faults;
    for (let round = 1; round <= ROUNDS; round += 1) {
      const result = await median(visitor.page, `${SPACE}${path}`);
      faults = worse(`${path}${signedIn ? " signed in" : ""}`, result);
      if (faults.length === 0) break;
    }
    return faults;
  } finally {
    await visitor.leave();
  }
}

async function signIn(visitor) {
  const tab = await visitor.visit(SPACE);
  await tab.click(SIGN_IN);
  await tab.click(ALLOW);
  await tab.sees(HELLO);
}

async function median(page, url) {
  const flags = { logLevel: "error", onlyCategories: Object.keys(SCORES), disableStorageReset: true };
  const results = [];
  while (results.length < RUNS) results.push((await run(url, flags, undefined, page)).lhr);
  return computeMedianRun(results);
}

/** Prints the scores of a page, and gives those below the expected ones with what costs them. */
function worse(name, { runtimeError, categories, audits, environment }) {
  if (runtimeError) return [`Lighthouse: ${name}: ${runtimeError.message}`];
  const faults = [];
  const scores = [];
  for (const [id, expected] of Object.entries(SCORES)) {
    const score = Math.round(categories[id].score * 100);
    scores.push(`${id} ${score}`);
    if (score >= expected) continue;
    const costly = categories[id].auditRefs.filter(({ id, weight }) => weight > 0 && audits[id].score < 1);
    const reasons = costly.map(({ id }) => `${id}: ${audits[id].displayValue ?? audits[id].score}`);
    faults.push(`Lighthouse: ${name}: ${id} ${score} instead of ${expected}: ${reasons.join("; ")}`);
  }
  const machine = `the machine's benchmark index: ${environment.benchmarkIndex}`;
  console.log(`Lighthouse: ${name}: ${scores.join(", ")} (${machine})`);
  return faults;
}

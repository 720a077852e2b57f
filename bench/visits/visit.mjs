// A visitor with a browser of its own, who looks at a page and comes back later.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { chrome } from "../../template/browser/harness/chromium.js";
import { eventually } from "../../template/browser/harness/eventually.js";
import { Relay } from "./relay.mjs";

/** The port of the proxy for other sites, where nothing listens: the browser reaches this computer alone. */
const NO_PROXY = 9;
/** Milliseconds without anything that comes or goes, after which a page has all that it shows. */
const QUIET = 5_000;

const [port, text] = process.argv.slice(2);
const relay = await Relay.to(Number(port));
const folder = mkdtempSync(join(tmpdir(), "visits-"));
const browser = await chrome({ folder, proxyPort: NO_PROXY });
try {
  const visits = [];
  while (visits.length < 2) visits.push(await visit());
  console.log(JSON.stringify(visits));
} finally {
  await browser.close();
  relay.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** What is downloaded for a tab that shows the page. */
async function visit() {
  const before = relay.downloaded();
  const elsewhere = new Set();
  const page = await browser.newPage();
  page.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith("http") && hostname !== "localhost") elsewhere.add(request.url());
  });
  const answer = await page.goto(`http://localhost:${relay.port}/`);
  if (![200, 304].includes(answer.status())) throw new Error(`${answer.status()} ${await answer.text()}`);
  await eventually(async () => (await shown(page)).includes(text), `the page shows ${text}`);
  while (performance.now() - relay.lastMoved < QUIET) await pause(100);
  await page.close();
  const after = relay.downloaded();
  return {
    bytes: after.bytes - before.bytes,
    requests: after.requests - before.requests,
    elsewhere: elsewhere.size,
  };
}

function shown(page) {
  return page.evaluate(() => document.body.innerText);
}

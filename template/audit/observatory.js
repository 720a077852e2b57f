// MDN's HTTP Observatory looks at the headers of the home page. It scans port 443 of a host in the DNS: hence a process
// of its own, whose connections lead to the made-up Space.

import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { SPACE } from "../browser/harness/sites.js";
import { ACCEPTED_TESTS, GRADE } from "./expected.js";

const SCANNER = fileURLToPath(new URL("node_modules/@mdn/mdn-http-observatory/", import.meta.url));
const NAME = new URL(SPACE).hostname;

/** What is worse than expected. */
export async function observatory(world) {
  const { scan, tests } = await scanned(world);
  const { grade, score, testsPassed, testsQuantity } = scan;
  console.log(`HTTP Observatory: ${grade}, ${score} points, ${testsPassed} of ${testsQuantity} tests`);
  const faults = [];
  if (grade !== GRADE) faults.push(`HTTP Observatory: ${grade} instead of ${GRADE}`);
  for (const [name, { pass, result, scoreModifier }] of Object.entries(tests)) {
    console.log(`  ${name}: ${result} (${scoreModifier})`);
    const worse = !pass || scoreModifier < 0;
    if (worse && !(name in ACCEPTED_TESTS)) faults.push(`HTTP Observatory: ${name}: ${result}`);
    if (!worse && name in ACCEPTED_TESTS) faults.push(`HTTP Observatory: ${name} needs no exception any more`);
  }
  return faults;
}

async function scanned(world) {
  // The browsers' list of sites that are only served over TLS, which the package downloads: nothing is on it here.
  mkdirSync(join(SCANNER, "conf"), { recursive: true });
  writeFileSync(join(SCANNER, "conf", "hsts-preload.json"), "{}");
  const site = createServer((client) => tunnel(world.proxyPort, client)).listen(0, "127.0.0.1");
  await once(site, "listening");
  const options = ["--import", new URL("internet.js", import.meta.url).href, join(SCANNER, "src", "scan.js"), NAME];
  const environment = {
    PATH: process.env.PATH,
    NODE_EXTRA_CA_CERTS: join(world.folder, "authority.pem"),
    SITE_PORT: site.address().port,
  };
  try {
    return JSON.parse((await promisify(execFile)(process.execPath, options, { env: environment })).stdout);
  } finally {
    site.close();
  }
}

/** Takes a connection to the Space. */
function tunnel(proxyPort, client) {
  const way = request({ host: "127.0.0.1", port: proxyPort, method: "CONNECT", path: `${NAME}:443` }).end();
  way.on("connect", (_, site) => {
    site.on("error", () => client.destroy());
    client.on("error", () => site.destroy());
    site.pipe(client).pipe(site);
  });
  way.on("error", () => client.destroy());
}

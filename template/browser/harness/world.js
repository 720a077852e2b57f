// All that the tests take place in: the Hub, a Space with the app, another Space, and the way there.

import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApp } from "./app.js";
import { makeCertificates } from "./certificates.js";
import { Edge } from "./edge.js";
import { evilSpace } from "./evil_space.js";
import { CLIENT, Hub } from "./hub.js";
import { proxy } from "./proxy.js";
import { siblingHost } from "./sibling_host.js";
import { HUB, NAMES } from "./sites.js";

/** Starts everything, with a Space that is for members of the organization `lab` alone; `stop` ends it. */
export const startWorldForMembers = () => startWorld(process.env.APP_FOR_MEMBERS);

/** Starts everything, with the app or another `program` as the Space; `stop` ends it. */
export async function startWorld(program) {
  const folder = mkdtempSync(join(tmpdir(), "browser-tests-"));
  const { authority, key, cert } = makeCertificates(folder, NAMES);
  const hub = new Hub();
  const verifier = randomBytes(32).toString("base64url");
  const attacker = { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
  const evil = evilSpace(attacker.challenge);
  const sibling = siblingHost();

  const [hubName, spaceName, evilName, siblingName] = NAMES;
  let edge;
  const server = createServer({ key, cert }, (request, response) => {
    const sites = {
      [hubName]: () => hub.answer(request, response),
      [spaceName]: () => edge.forward(request, response),
      [evilName]: () => evil(request, response),
      [siblingName]: () => sibling.answer(response),
    };
    sites[request.headers.host]();
  });
  // Only a slow machine would reach these timeouts.
  server.keepAliveTimeout = 0;
  server.headersTimeout = 0;
  server.requestTimeout = 0;
  server.on("upgrade", (request, socket) => edge.upgrade(request, socket));
  const sitesPort = await listen(server);
  const wayOut = proxy(NAMES, sitesPort);
  const proxyPort = await listen(wayOut);

  const environment = {
    SPACE_ID: "me/app",
    SPACE_HOST: spaceName,
    SPACE_TITLE: "My Space",
    OAUTH_CLIENT_ID: CLIENT.id,
    OAUTH_CLIENT_SECRET: CLIENT.secret,
    OAUTH_SCOPES: "openid profile read-memberships",
    OPENID_PROVIDER_URL: HUB,
    SSL_CERT_FILE: authority,
    HTTPS_PROXY: `http://127.0.0.1:${proxyPort}`,
    RUST_LOG: "trace",
  };
  const app = await startApp(environment, program);
  edge = new Edge(app.port);

  return {
    hub,
    edge,
    app,
    attacker,
    sibling,
    folder,
    proxyPort,
    async stop() {
      await app.stop();
      for (const each of [server, wayOut]) {
        each.close();
        each.closeAllConnections();
      }
      // A browser that was closed may still be writing.
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

function listen(server) {
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server.address().port)));
}

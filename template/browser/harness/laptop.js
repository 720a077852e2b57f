// A developer's computer, where the app's mock Hub stands in for the real one, over plain http.

import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startApp } from "./app.js";

/** Starts the app; with HF_MOCK_USER in `environment`, its mock Hub asks nobody whom to be. */
export async function startLaptop(environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), "browser-tests-"));
  const app = await startApp({
    SPACE_TITLE: "My Space",
    OAUTH_SCOPES: "openid profile email read-billing",
    ...environment,
  });
  return {
    app,
    folder,
    proxyPort: 9, // the discard port: nothing but loopback is reached
    space: `http://127.0.0.1:${app.port}/mock-hub/space`,
    origin: `http://localhost:${app.port}`,
    async stop() {
      await app.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}

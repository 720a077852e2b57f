// Runs the app that the tests are about.

import { spawn } from "node:child_process";
import { createServer } from "node:net";
import { eventually } from "./eventually.js";

/** The app, or another `program`, with this environment and nothing else of the environment of the tests. */
export async function startApp(environment, program = process.env.APP) {
  const port = await freePort();
  const app = spawn(program, { env: { PORT: port, ...environment }, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  for (const stream of [app.stdout, app.stderr]) stream.on("data", (text) => (log += text));
  await eventually(async () => {
    if (app.exitCode !== null) throw new Error(`the app ended: ${log}`);
    return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
  }, "the app answers");
  return {
    port,
    log: () => log,
    stop: () => new Promise((ended) => app.once("exit", ended) && app.kill("SIGKILL")),
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

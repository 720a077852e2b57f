// The only way out of the browsers and the app: it leads to the made-up sites, and nowhere else.

import { createServer } from "node:http";
import { connect } from "node:net";

/** A proxy for TLS that takes every name in `names` to `port` on this computer. */
export function proxy(names, port) {
  const server = createServer((_, response) => response.writeHead(403).end());
  server.on("connect", (request, client) => {
    client.on("error", () => client.destroy());
    if (!names.some((name) => request.url === `${name}:443`)) {
      client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const site = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      site.pipe(client).pipe(site);
    });
    site.on("error", () => client.destroy());
    client.on("close", () => site.destroy());
  });
  return server;
}

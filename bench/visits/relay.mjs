// Stands between a browser and a server, and counts what goes to the browser. A browser's own count lacks some of what it
// asks for, the icon of a tab for one.

import { createServer, request as send } from "node:http";
import { once } from "node:events";

export class Relay {
  #requests = 0;
  #sockets = [];
  #server;
  /** When something was last asked for or answered, as `performance.now()`. */
  lastMoved = performance.now();

  /** A relay to a port of this computer. */
  static async to(port) {
    const relay = new Relay();
    relay.#server = createServer((request, response) => relay.#forward(port, request, response));
    relay.#server.on("connection", (socket) => relay.#sockets.push(socket));
    relay.#server.listen(0, "127.0.0.1");
    await once(relay.#server, "listening");
    relay.port = relay.#server.address().port;
    return relay;
  }

  /** The bytes of the answers with their heads, and the requests, so far. */
  downloaded() {
    return { bytes: this.#sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0), requests: this.#requests };
  }

  close() {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #forward(port, request, response) {
    this.#requests += 1;
    this.#moved();
    const { method, url: path, headers } = request;
    const onward = send({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.on("data", () => this.#moved());
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  }

  #moved() {
    this.lastMoved = performance.now();
  }
}

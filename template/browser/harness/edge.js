// The edge of Hugging Face in front of a Space: takes TLS off, names the visitor, and keeps Host. It also notes what
// came and what was answered, for the tests to look at.

import { Agent, request as send } from "node:http";

// The app closes idle connections, as is its right.
const agent = new Agent({ keepAlive: false });

export class Edge {
  /** Each exchange: method, path, the headers that came, the status and the headers of the answer. */
  exchanges = [];

  constructor(port) {
    this.port = port;
  }

  forward(request, response) {
    const exchange = { method: request.method, path: request.url, headers: request.headers };
    const headers = { ...request.headers, "x-forwarded-for": "203.0.113.7", "x-forwarded-proto": "https" };
    const onward = send({ agent, host: "127.0.0.1", port: this.port, method: request.method, path: request.url, headers }, (answer) => {
      this.exchanges.push({ ...exchange, status: answer.statusCode, answered: answer.headers });
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  }

  /** A WebSocket: the app has none, so that every answer is a refusal. */
  upgrade(request, socket) {
    const exchange = { method: request.method, path: request.url, headers: request.headers };
    const onward = send({ agent, host: "127.0.0.1", port: this.port, path: request.url, headers: request.headers }, (answer) => {
      this.exchanges.push({ ...exchange, status: answer.statusCode, answered: answer.headers });
      socket.end(`HTTP/1.1 ${answer.statusCode} Refused\r\nConnection: close\r\n\r\n`);
    });
    onward.on("error", () => socket.destroy());
    onward.end();
  }
}

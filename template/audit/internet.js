// Loaded into the process of the Observatory: the internet is one site, and only over TLS.
// What answers plain http in front of a Space is not the app.

import { Socket } from "node:net";

const HTTPS = 443;
const connect = Socket.prototype.connect;

Socket.prototype.connect = function (...given) {
  const [options, ...more] = Array.isArray(given[0]) ? given[0] : given;
  if (Number(options.port) !== HTTPS) {
    process.nextTick(() => this.destroy(new Error("nothing listens there")));
    return this;
  }
  return connect.call(this, { ...options, host: "127.0.0.1", port: process.env.SITE_PORT }, ...more.filter(Boolean));
};

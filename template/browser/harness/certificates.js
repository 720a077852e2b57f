// Certificates of the made-up sites, from an authority that is made up, too.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const CONFIG = `
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[site]
basicConstraints = critical, CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = $SITES
`;

/** Makes one certificate for all `names`; `authority` is the path of what vouches for it. */
export function makeCertificates(folder, names) {
  const file = (name) => join(folder, name);
  writeFileSync(file("openssl.cnf"), CONFIG.replace("$SITES", names.map((name) => `DNS:${name}`).join(",")));
  const make = (name, extensions, ...more) => {
    const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    const files = ["-keyout", file(`${name}.key`), "-out", file(`${name}.pem`)];
    const names = ["-subj", `/CN=made-up ${name}`, "-config", file("openssl.cnf"), "-extensions", extensions];
    execFileSync("openssl", [...request, ...files, ...names, ...more], { stdio: "pipe" });
  };
  make("authority", "authority");
  make("site", "site", "-CA", file("authority.pem"), "-CAkey", file("authority.key"));
  return { authority: file("authority.pem"), key: readFileSync(file("site.key")), cert: readFileSync(file("site.pem")) };
}

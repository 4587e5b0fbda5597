// SPDX-License-Identifier: Apache-2.0
// An OpenID Connect provider for a test, on a port of the loopback interface:
//   node openid_provider.mjs <folder with oidc-provider> <port>
// Gives robots tokens for whichever resource they name. A line "rotate" on standard input replaces
// its keys; it answers each line, and the start, with "kid <kid that it now signs with>".
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, port] = process.argv.slice(2);
const { default: Provider } = await import(
  pathToFileURL(join(folder, "node_modules/oidc-provider/lib/index.js")));

function freshKey(kid) {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" };
}

function robot(name) {
  return { client_id: name, client_secret: `secret of ${name}`, redirect_uris: [], response_types: [],
           grant_types: ["client_credentials"], token_endpoint_auth_method: "client_secret_post" };
}

function handler(kid) {
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [robot("robot"), robot("reader")],
    jwks: { keys: [freshKey(kid)] },
    ttl: { ClientCredentials: 600 },
    cookies: { keys: [randomUUID()] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (context, resource) => ({
          scope: "charts", audience: resource, accessTokenTTL: 600, accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } } }),
      },
    },
  });
  return provider.callback();
}

function freshKid() {
  return randomUUID().slice(0, 8);
}

let kid = freshKid();
let current = handler(kid);
createServer((request, response) => current(request, response)).listen(
  Number(port), "127.0.0.1", () => console.log(`kid ${kid}`));
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "rotate") current = handler(kid = freshKid());
  console.log(`kid ${kid}`);
}
process.exit(0);

// What the proxy does when a gateway dies, refuses or says nothing. The gateways are small servers that do what a test wants of them.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import { after, before, beforeEach, test } from "node:test";
import { complaint, configure, freePort, missing, start } from "./lib/nginx.mjs";

const options = { skip: missing };
const report = "/api/v1/reports";
const gateways = [];
let proxy, address, configuration;

/** A gateway that notes what it is asked, and answers as it is told. */
async function makeGateway() {
  const gateway = { asked: [], answer: null };
  const server = createServer(async (incoming, outgoing) => {
    const body = [];
    for await (const part of incoming) body.push(part);
    gateway.asked.push({ method: incoming.method, path: incoming.url, headers: incoming.headers, length: Buffer.concat(body).length });
    gateway.answer(outgoing, incoming);
  });
  server.on("upgrade", (incoming, socket) => {
    gateway.asked.push({ method: "UPGRADE", path: incoming.url, headers: incoming.headers });
    socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nlive");
  });
  gateway.open = async (port = 0) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    gateway.port = server.address().port;
  };
  gateway.close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  gateway.isOpen = () => server.listening;
  await gateway.open();
  return gateway;
}

const ok = (outgoing) => outgoing.end("{}");
const busy = (outgoing) => outgoing.writeHead(503, { "Retry-After": "7" }).end();
const die = (outgoing) => outgoing.socket.destroy();
const silent = () => {};

const post = (path, body = "{}", headers = {}) => fetch(address + path, { method: "POST", body, headers });
const asked = (gateway) => gateway.asked.filter((one) => one.method !== "HEAD").length;

if (!missing) {
  before(async () => {
    gateways.push(await makeGateway(), await makeGateway());
    for (const gateway of gateways) gateway.answer = ok;
    const port = await freePort();
    configuration = configure("http.conf", [
      ["listen 8080", `listen 127.0.0.1:${port}`],
      ["gateway1:8080", `127.0.0.1:${gateways[0].port}`],
      ["gateway2:8080", `127.0.0.1:${gateways[1].port}`],
      // Only so that nobody waits: one that failed is asked again at once, and a silent one is given up soon.
      ["max_fails=3 fail_timeout=2s", "max_fails=0"],
      ["proxy_read_timeout 4s", "proxy_read_timeout 300ms"],
      ["worker_processes auto", "worker_processes 1"],
    ]);
    proxy = await start(configuration, port);
    address = `http://127.0.0.1:${port}`;
  });

  beforeEach(async () => {
    for (const gateway of gateways) {
      if (!gateway.isOpen()) await gateway.open(gateway.port);
      gateway.answer = ok;
      gateway.asked.length = 0;
    }
  });

  after(async () => {
    await proxy?.stop();
    for (const gateway of gateways) await gateway.close();
    configuration?.remove();
  });
}

test("Proxy: gateways are asked in turn, and told who asks", options, async () => {
  for (let i = 0; i < 4; i++) assert.equal((await post("/api/v1/hosts", "{}", { "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https" })).status, 200);
  assert.deepEqual(gateways.map(asked), [2, 2]);
  const { headers } = gateways[0].asked[0];
  assert.deepEqual([headers["x-forwarded-for"], headers["x-forwarded-proto"], headers.host], ["127.0.0.1", "http", address.slice("http://".length)]);
});

for (const [what, answer] of [["refuses with 503", busy], ["dies with it", die], ["says nothing", silent]]) {
  test(`Proxy: a report that one gateway ${what} is taken by the other`, options, async () => {
    gateways[0].answer = answer;
    for (let i = 0; i < 4; i++) assert.equal((await post(report)).status, 200);
    assert.equal(asked(gateways[1]), 4);
    assert.ok(asked(gateways[0]) > 0);
  });
}

test("Proxy: with one gateway gone, the other gets everything", options, async () => {
  await gateways[0].close();
  for (let i = 0; i < 4; i++) assert.equal((await post("/api/v1/hosts")).status, 200);
  for (let i = 0; i < 4; i++) assert.equal((await post(report)).status, 200);
  assert.equal(asked(gateways[1]), 8);
});

test("Proxy: what only reads is tried on the other gateway", options, async () => {
  for (const answer of [busy, die]) {
    gateways[0].answer = answer;
    for (let i = 0; i < 4; i++) assert.equal((await fetch(`${address}/api/v1/hosts`)).status, 200);
  }
});

for (const answer of [busy, die]) {
  test(`Proxy: a change that a gateway has seen is not made again (${answer.name})`, options, async () => {
    for (const gateway of gateways) gateway.answer = answer;
    assert.equal((await post("/api/v1/hosts")).status, 503);
    assert.equal(asked(gateways[0]) + asked(gateways[1]), 1);
  });
}

test("Proxy: what all gateways refuse comes as they said it", options, async () => {
  for (const gateway of gateways) gateway.answer = busy;
  const answer = await post(report);
  assert.deepEqual([answer.status, answer.headers.get("Retry-After")], [503, "7"]);
});

test("Proxy: without a gateway agents are told when to come again", options, async () => {
  for (const gateway of gateways) await gateway.close();
  const answer = await post(report);
  assert.deepEqual([answer.status, answer.headers.get("Retry-After"), answer.headers.get("Content-Type")], [503, "2", "application/problem+json"]);
  const problem = await answer.json();
  assert.equal(problem.status, 503);
  // Agents obey a server of ours that is busy; from a proxy whose servers are away they go on to their next address.
  assert.equal(problem.type, undefined);
});

test("Proxy: the largest report gets through", options, async () => {
  assert.equal((await post(report, Buffer.alloc(1024 * 1024))).status, 200);
  assert.equal(gateways.flatMap((gateway) => gateway.asked)[0].length, 1024 * 1024);
});

test("Proxy: a live connection stays with the gateway it began with", options, async () => {
  for (let i = 0; i < 3; i++) {
    await post("/hubs/live/negotiate?negotiateVersion=1");
    const opening = request(`${address}/hubs/live?id=1`, { headers: { Connection: "Upgrade", Upgrade: "websocket" } }).end();
    const [answer, socket, head] = await once(opening, "upgrade");
    assert.equal(answer.statusCode, 101);
    const rest = head.length > 0 ? head : (await once(socket, "data"))[0];
    assert.equal(rest.toString(), "live");
    socket.destroy();
  }
  assert.deepEqual(gateways.map((gateway) => gateway.asked.filter((one) => one.method === "UPGRADE").length).toSorted(), [0, 3]);
  assert.deepEqual(gateways.map(asked).toSorted(), [0, 6]);
});

test("Proxy: nginx takes both configurations, that with TLS too", options, (context) => {
  const plain = configure("http.conf", [["gateway1", "127.0.0.1"], ["gateway2", "127.0.0.1"]]);
  try {
    assert.equal(complaint(plain), "");
    if (spawnSync("openssl", ["version"]).error) return context.skip("no openssl to make a certificate with");
    const files = ["-keyout", `${plain.folder}/tls_key`, "-out", `${plain.folder}/tls_certificate`];
    assert.equal(spawnSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=monitor.example.org", "-days", "1", ...files]).status, 0);
    const secure = configure("https.conf", [["gateway1", "127.0.0.1"], ["gateway2", "127.0.0.1"], ["/run/secrets/", `${plain.folder}/`]]);
    const said = complaint(secure);
    secure.remove();
    assert.equal(said, "");
  } finally {
    plain.remove();
  }
});

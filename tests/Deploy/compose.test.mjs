import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { contains, interpolate, load, schemaProblems, variablesOf } from "./lib/compose.mjs";
import { isPinned, stagesOf } from "./lib/dockerfile.mjs";
import { locate, read } from "./lib/repository.mjs";

const development = "docker-compose.yml";
const production = "docker-compose.prod.yml";
const set = { POSTGRES_PASSWORD: "secret", PUBLIC_URL: "https://monitor.example.org" };

const serversOf = (file, role) => Object.values(file.services).filter((service) => role ? service.environment?.STATUSMONITOR_ROLE === role : service.environment?.STATUSMONITOR_ROLE);
const addressOf = (service) => service.networks.cluster.ipv4_address;
const secretsOf = (service) => service.secrets ?? [];

for (const path of [development, production]) {
  const file = load(path, set);
  const services = Object.entries(file.services);

  test(`${path}: is what the Compose Specification describes`, () => assert.deepEqual(schemaProblems(file), []));

  test(`${path}: what is not built here has a version, and what is has its stage`, () => {
    for (const [name, { image, build }] of services) {
      assert.ok(build ? image.includes(":") : isPinned(image), `${name}: ${image}`);
      if (!build) continue;
      const dockerfile = read(build.dockerfile);
      assert.ok(stagesOf(dockerfile).some((stage) => stage.name === build.target), `${name}: no stage ${build.target}`);
      for (const argument of Object.keys(build.args)) assert.match(dockerfile, new RegExp(`^ARG ${argument}=`, "m"));
    }
  });

  test(`${path}: two silos and two gateways, on the engine that makes a cluster`, () => {
    assert.deepEqual([serversOf(file, "silo").length, serversOf(file, "gateway").length], [2, 2]);
    for (const server of serversOf(file)) {
      assert.equal(server.build.args.ENGINE, "Orleans");
      assert.equal(server.depends_on.postgres.condition, "service_healthy");
      assert.ok(file.services.postgres.healthcheck);
      // The server's own time to end is 15 s.
      assert.ok(parseInt(server.stop_grace_period) > 15);
    }
  });

  test(`${path}: every address is the one that others are told`, () => {
    for (const silo of serversOf(file, "silo")) assert.equal(silo.environment.STATUSMONITOR_CLUSTERADDRESS, addressOf(silo));
    for (const gateway of serversOf(file, "gateway")) assert.equal(gateway.environment.STATUSMONITOR_TRUSTEDPROXIES, addressOf(file.services.proxy));

    const [{ subnet, ip_range: others }] = file.networks.cluster.ipam.config;
    const fixed = services.map(([, service]) => service.networks.cluster?.ipv4_address).filter(Boolean);
    assert.equal(new Set(fixed).size, fixed.length);
    for (const address of fixed) assert.ok(contains(subnet, address) && !contains(others, address), address);
  });

  test(`${path}: the proxy has every gateway, by a name it always finds`, () => {
    const gateways = services.filter(([, service]) => service.environment?.STATUSMONITOR_ROLE === "gateway");
    assert.deepEqual(file.services.proxy.extra_hosts, gateways.map(([name, service]) => `${name}:${addressOf(service)}`));
    for (const [, upstream] of read("deploy/proxy/gateways.conf").matchAll(/upstream \w+ \{([^}]*)\}/g)) {
      assert.deepEqual([...upstream.matchAll(/server ([\w.]+):8080/g)].map((match) => match[1]), gateways.map(([name]) => name));
    }
  });

  test(`${path}: what is mounted from here is here`, () => {
    const folder = file.services.proxy.volumes.map((volume) => volume.split(":")).find(([source]) => source.startsWith("./"));
    assert.ok(existsSync(locate(folder[0])));
    const [main] = file.services.proxy.command.filter((word) => word.endsWith(".conf"));
    assert.ok(existsSync(locate(main.replace(folder[1], folder[0]))), main);
  });

  test(`${path}: every secret and volume that is used is declared, and the other way round`, () => {
    const used = new Set(services.flatMap(([, service]) => secretsOf(service)));
    assert.deepEqual([...used].sort(), Object.keys(file.secrets ?? {}).sort());
    for (const [name, service] of services) {
      for (const [variable, value] of Object.entries(service.environment ?? {})) {
        if (variable.endsWith("_FILE")) assert.ok(secretsOf(service).includes(value.replace("/run/secrets/", "")), `${name}: ${variable}`);
      }
    }
  });
}

test("docker-compose.yml: without a password of the database it does not start", () => assert.throws(() => load(development, {}), /POSTGRES_PASSWORD: set it in .env/));

test("docker-compose.yml: is reached from this machine only, and demo agents come when they are asked for", () => {
  const { services } = load(development, set);
  const open = Object.entries(services).filter(([, service]) => service.ports);
  assert.deepEqual(open.map(([name]) => name), ["proxy"]);
  for (const port of services.proxy.ports) assert.match(port, /^127\.0\.0\.1:/);
  assert.deepEqual(Object.entries(services).filter(([, service]) => service.profiles).map(([name, service]) => [name, service.profiles]), [["demo-agent", ["demo"]]]);
});

test("docker-compose.prod.yml: no port is open but the proxy's, which has TLS", () => {
  const { services } = load(production, set);
  assert.deepEqual(Object.entries(services).filter(([, service]) => service.ports || service.network_mode).map(([name]) => name), ["proxy"]);
  assert.deepEqual(services.proxy.ports, ["443:8443", "80:8080"]);
  assert.match(read("deploy/proxy/https.conf"), /listen 8443 ssl;/);
  for (const secret of ["tls_certificate", "tls_key"]) assert.ok(services.proxy.secrets.includes(secret) && read("deploy/proxy/https.conf").includes(`/run/secrets/${secret};`), secret);
});

test("docker-compose.prod.yml: comes back by itself, within limits, and may do nothing it need not", () => {
  for (const [name, service] of Object.entries(load(production, set).services)) {
    assert.equal(service.restart, "always", name);
    const { cpus, memory } = service.deploy.resources.limits;
    assert.ok(cpus && memory && service.pids_limit, name);
    assert.deepEqual(service.security_opt, ["no-new-privileges:true"], name);
    assert.ok(service.logging.options["max-size"], name);
    // PostgreSQL's image begins as root to make its folder its own.
    if (name === "postgres") continue;
    assert.deepEqual([service.read_only, service.cap_drop], [true, ["ALL"]], name);
  }
});

test("docker-compose.prod.yml: secrets are in files, not in the environment", () => {
  const text = read(production);
  assert.ok(!variablesOf(text).has("POSTGRES_PASSWORD"));
  for (const [name, service] of Object.entries(load(production, set).services)) {
    for (const [variable, value] of Object.entries(service.environment ?? {})) {
      assert.ok(!/PASSWORD|SECRET|TOKEN|KEY/.test(variable) || variable.endsWith("_FILE"), `${name}: ${variable}`);
      assert.doesNotMatch(String(value), /password=/i, `${name}: ${variable}`);
    }
  }
  assert.ok(read(".gitignore").split("\n").includes("/secrets/"));
});

test(".env.example: has every variable that the files ask for, and no other", () => {
  const described = [...read(".env.example").matchAll(/^#?([A-Z_]+)=/gm)].map((match) => match[1]);
  const asked = new Set([development, production].flatMap((path) => [...variablesOf(read(path))]));
  assert.deepEqual(described.toSorted(), [...asked].toSorted());
  assert.ok(read(".gitignore").split("\n").includes("/.env"));
});

// The checks themselves.
test("Compose's rules: what is not in the specification is found", () => {
  const file = load(development, set);
  assert.match(schemaProblems({ ...file, services: { a: { imagee: "b" } } })[0], /^\/services\/a: must NOT have additional properties/);
  assert.match(schemaProblems({ ...file, services: { a: { stop_grace_period: "soon" } } })[0], /^\/services\/a\/stop_grace_period: must match format "duration"/);
  assert.match(schemaProblems({ ...file, services: { a: { ports: ["eighty:80"] } } }).join(), /must match format "ports"/);
});

test("docker-compose.yml: what is not set is empty, which the server takes for not set", () => {
  for (const gateway of serversOf(load(development, set), "gateway")) assert.equal(gateway.environment.STATUSMONITOR_PUBLICURL, set.PUBLIC_URL);
  for (const gateway of serversOf(load(development, { POSTGRES_PASSWORD: "secret" }), "gateway")) assert.equal(gateway.environment.STATUSMONITOR_PUBLICURL, "");
});

test("Compose's variables: set, defaulted, demanded, and a dollar that is one", () => {
  assert.equal(interpolate("${A:-b} ${C:-} $$D ${E}", { E: "f" }), "b  $D f");
  assert.throws(() => interpolate("${A:?say it}", {}), /A: say it/);
});

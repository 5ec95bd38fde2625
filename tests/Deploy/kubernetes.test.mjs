import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { locate, parseYaml, read } from "./lib/repository.mjs";

const require = createRequire(import.meta.url);
const folder = "deploy/kubernetes";
const files = readdirSync(locate(folder)).filter((name) => name.endsWith(".yaml"));
const kustomization = parseYaml(read(`${folder}/kustomization.yaml`))[0];
const documents = files.filter((name) => name !== "kustomization.yaml").flatMap((name) => parseYaml(read(`${folder}/${name}`)));
const one = (kind, name) => {
  const found = documents.filter((document) => document.kind === kind && (!name || document.metadata.name === name));
  assert.equal(found.length, 1, `${kind} ${name}`);
  return found[0];
};
const deployments = documents.filter((document) => document.kind === "Deployment");
const podOf = (deployment) => deployment.spec.template.spec;
const containerOf = (deployment) => podOf(deployment).containers[0];
const variablesOf = (deployment) => Object.fromEntries(containerOf(deployment).env.map((variable) => [variable.name, variable]));

// The server's own time to end, seconds.
const shutdown = 15;

/** Where an object is not what the API of Kubernetes takes. */
function schemaProblem(object) {
  try {
    const { [object.kind]: Model } = require(`kubernetes-models/${object.apiVersion}`);
    new Model(object).validate();
    return null;
  } catch (error) {
    return error.message;
  }
}

for (const document of documents) {
  test(`Kubernetes: ${document.kind} ${document.metadata.name} is what its API takes`, () => assert.equal(schemaProblem(document), null));
}

test("Kubernetes: what is no example is applied, and nothing else", () => {
  assert.deepEqual(kustomization.resources.toSorted(), files.filter((name) => name !== "kustomization.yaml" && !name.includes(".example.")).toSorted());
  assert.equal(one("Namespace").metadata.name, kustomization.namespace);
  for (const image of kustomization.images) assert.match(image.newTag, /\d/);
  assert.deepEqual([...new Set(deployments.map((deployment) => containerOf(deployment).image))], kustomization.images.map((image) => image.name));
});

test("Kubernetes: silos and gateways, two of each at least", () => {
  assert.deepEqual(deployments.map((deployment) => [deployment.metadata.name, variablesOf(deployment).STATUSMONITOR_ROLE.value]).toSorted(), [["gateway", "gateway"], ["silo", "silo"]]);
  for (const { spec } of deployments) {
    assert.ok(spec.replicas >= 2);
    assert.deepEqual(spec.strategy.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
  }
});

for (const deployment of deployments) {
  const { name } = deployment.metadata;
  const pod = podOf(deployment);
  const container = containerOf(deployment);

  test(`Kubernetes: ${name} is not root and can write nowhere but where it must`, () => {
    assert.equal(pod.containers.length, 1);
    const { runAsNonRoot, runAsUser, seccompProfile } = pod.securityContext;
    assert.deepEqual([runAsNonRoot, runAsUser, seccompProfile.type, pod.automountServiceAccountToken], [true, 1654, "RuntimeDefault", false]);
    assert.match(read("deploy/docker/Dockerfile"), new RegExp(`^USER ${runAsUser}:`, "m"));
    assert.deepEqual(container.securityContext, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
    for (const volume of pod.volumes.filter((volume) => volume.emptyDir)) assert.ok(volume.emptyDir.sizeLimit, volume.name);
    assert.deepEqual(container.volumeMounts.map((mount) => mount.name).toSorted(), pod.volumes.map((volume) => volume.name).toSorted());
  });

  test(`Kubernetes: ${name} has limits, and requests below them`, () => {
    const { requests, limits } = container.resources;
    assert.ok(requests.cpu && requests.memory && limits.cpu && limits.memory);
    assert.ok(bytes(requests.memory) <= bytes(limits.memory));
  });

  test(`Kubernetes: ${name} is started, alive and ready by its own word`, () => {
    assert.deepEqual(
      [container.startupProbe, container.livenessProbe, container.readinessProbe].map((probe) => [probe.httpGet.path, probe.httpGet.port]),
      [["/health/live", 8080], ["/health/live", 8080], ["/health/ready", 8080]]);
    // Killing one that is slow makes it slower; taking it off the list of whom to ask does not.
    const patience = (probe) => probe.periodSeconds * probe.failureThreshold;
    assert.ok(patience(container.livenessProbe) > patience(container.readinessProbe));
  });

  test(`Kubernetes: ${name} has the time to end`, () => {
    const pause = Number(container.lifecycle?.preStop.exec.command[1] ?? 0);
    assert.ok(pod.terminationGracePeriodSeconds >= pause + shutdown + 5);
  });

  test(`Kubernetes: ${name} is what its disruption budget, spread and policy mean`, () => {
    const { labels } = deployment.spec.template.metadata;
    assert.deepEqual(deployment.spec.selector.matchLabels, labels);
    assert.deepEqual(one("PodDisruptionBudget", name).spec.selector.matchLabels, labels);
    assert.equal(one("PodDisruptionBudget", name).spec.maxUnavailable, 1);
    assert.deepEqual(pod.topologySpreadConstraints[0].labelSelector.matchLabels, labels);
    assert.deepEqual(one("NetworkPolicy", name).spec.podSelector.matchLabels, labels);
  });

  test(`Kubernetes: ${name} finds its settings and secrets`, () => {
    assert.deepEqual(container.envFrom, [{ configMapRef: { name: one("ConfigMap").metadata.name } }]);
    const { secret } = pod.volumes.find((volume) => volume.secret);
    assert.equal(secret.secretName, one("Secret").metadata.name);
    const mounted = container.volumeMounts.find((mount) => mount.name === "secrets").mountPath;
    const named = Object.entries(one("ConfigMap").data).filter(([variable]) => variable.endsWith("_FILE")).map(([, path]) => path);
    assert.deepEqual(named.toSorted(), Object.keys(one("Secret").stringData).map((key) => `${mounted}/${key}`).toSorted());
  });
}

test("Kubernetes: a silo's address is its pod's, and its ports are for the cluster alone", () => {
  const silo = deployments.find((deployment) => deployment.metadata.name === "silo");
  assert.equal(variablesOf(silo).STATUSMONITOR_CLUSTERADDRESS.valueFrom.fieldRef.fieldPath, "status.podIP");
  const [{ from, ports }] = one("NetworkPolicy", "silo").spec.ingress;
  assert.deepEqual(ports.map((port) => port.port), containerOf(silo).ports.filter((port) => port.name !== "health").map((port) => port.containerPort));
  assert.deepEqual(from, [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "statusmonitor" } } }]);
});

test("Kubernetes: the way in leads to the gateways, and a live connection to one of them", () => {
  const gateway = deployments.find((deployment) => deployment.metadata.name === "gateway");
  const service = one("Service");
  assert.deepEqual(service.spec.selector, gateway.spec.template.metadata.labels);
  assert.ok(containerOf(gateway).ports.some((port) => port.name === service.spec.ports[0].targetPort));
  assert.equal(service.spec.sessionAffinity, "ClientIP");
  const ingress = one("Ingress");
  assert.equal(ingress.metadata.annotations["nginx.ingress.kubernetes.io/affinity"], "cookie");
  assert.deepEqual(ingress.spec.rules[0].http.paths[0].backend.service, { name: service.metadata.name, port: { name: service.spec.ports[0].name } });
  assert.deepEqual(ingress.spec.tls[0].hosts, [ingress.spec.rules[0].host]);
});

test("Kubernetes: settings hold no secret", () => {
  for (const [variable, value] of Object.entries(one("ConfigMap").data)) {
    assert.ok(!/PASSWORD|SECRET|TOKEN|KEY/.test(variable) || variable.endsWith("_FILE"), variable);
    assert.doesNotMatch(value, /password=/i, variable);
  }
  for (const value of Object.values(one("Secret").stringData)) assert.equal(value, "");
});

test("Kubernetes' rules: what its API does not take is found", () => {
  const [deployment] = structuredClone(deployments);
  deployment.spec.replicas = "two";
  assert.match(schemaProblem(deployment), /replicas/);
  assert.match(schemaProblem({ apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec: { ports: [{ name: "http" }] } }), /required property port/);
});

function bytes(quantity) {
  const [, number, unit] = /^(\d+)(Mi|Gi)$/.exec(quantity);
  return Number(number) * (unit === "Gi" ? 1024 : 1);
}

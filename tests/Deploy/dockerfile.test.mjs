import assert from "node:assert/strict";
import { test } from "node:test";
import { instructionsOf, isPinned, problemsOf, stagesOf } from "./lib/dockerfile.mjs";
import { read } from "./lib/repository.mjs";

const path = "deploy/docker/Dockerfile";
const images = ["server", "agent"];

test("Dockerfile: keeps every rule", () => assert.deepEqual(problemsOf(read(path), images), []));

test("Dockerfile: what is started is what is built", () => {
  for (const [image, project] of [["server", "src/Gateway/StatusMonitor.Gateway.csproj"], ["agent", "src/Agent/StatusMonitor.Agent.csproj"]]) {
    const [, assembly] = /<AssemblyName>(.*)<\/AssemblyName>/.exec(read(project));
    const stage = stagesOf(read(path)).find((candidate) => candidate.name === image);
    assert.deepEqual(JSON.parse(instructionsOf(stage, "ENTRYPOINT")[0].getArgumentsContent()), ["dotnet", `/app/${assembly}.dll`]);
  }
});

test("Dockerfile: the SDK is the one that global.json asks for", () => {
  const [major, minor] = JSON.parse(read("global.json")).sdk.version.split(".");
  const bases = stagesOf(read(path)).map((stage) => stage.base).filter((base) => base.startsWith("mcr.microsoft.com/"));
  assert.equal(bases.length, 3);
  for (const base of bases) assert.match(base, new RegExp(`:${major}\\.${minor}\\b`));
});

test("Dockerfile: secrets and data are not sent to who builds", () => {
  const ignored = read(".dockerignore").split("\n");
  for (const entry of [".env", "secrets/", "data/", ".git/", "**/node_modules/", "**/bin/", "**/obj/"]) assert.ok(ignored.includes(entry), entry);
});

// The rules themselves: each finds what it is for.
const good = "FROM debian:12-slim AS server\nRUN apt-get update && apt-get install -y --no-install-recommends curl=7.88.1-* && rm -rf /var/lib/apt/lists/*\nUSER 1000\nHEALTHCHECK NONE\nENTRYPOINT [\"a\"]\n";
for (const [from, to, said] of [
  ["debian:12-slim", "debian:latest", "server: debian:latest has no tag with a version"],
  ["debian:12-slim", "debian", "server: debian has no tag with a version"],
  ["curl=7.88.1-*", "curl", "server: curl is installed in whatever version there is"],
  ["--no-install-recommends ", "", "server: apt-get install brings what is only recommended"],
  [" && rm -rf /var/lib/apt/lists/*", "", "server: the package lists stay in the image"],
  ["USER 1000\n", "", "server: runs as root; give the number of a user that is not root"],
  ["USER 1000", "USER 0", "server: runs as 0; give the number of a user that is not root"],
  ["USER 1000", "USER app", "server: runs as app; give the number of a user that is not root"],
  ["HEALTHCHECK NONE\n", "", "server: has no HEALTHCHECK (NONE, if it has nothing to ask)"],
  ['["a"]', "a", "server: ENTRYPOINT is not a list"],
  ["USER 1000", "COPY --from=build /a /a\nUSER 1000", "server: there is no stage build to copy from"],
  ["USER 1000", "ADD a /a\nUSER 1000", "server: COPY says what ADD only may do"],
  ["USER 1000", "EXPOSE http\nUSER 1000", "line 3: Invalid containerPort: http"],
]) {
  test(`Dockerfile's rules: ${said}`, () => {
    assert.deepEqual(problemsOf(good, ["server"]), []);
    assert.deepEqual(problemsOf(good.replace(from, to), ["server"]), [said]);
  });
}

test("An image is pinned by a version or a digest", () => {
  for (const image of ["postgres:17", "nginx:1.28-alpine", "mcr.microsoft.com/dotnet/sdk:10.0-noble", "localhost:5000/a@sha256:0"]) assert.ok(isPinned(image), image);
  for (const image of ["postgres", "postgres:latest", "localhost:5000/postgres", "nginx:alpine"]) assert.ok(!isPinned(image), image);
});

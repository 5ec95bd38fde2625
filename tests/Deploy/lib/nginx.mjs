// A real nginx with the proxy's own configuration, in a folder and on ports of a test.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { locate } from "./repository.mjs";

// Installed, or only unpacked by eng/setup.sh: the package would start it.
const unpacked = locate("artifacts/nginx/usr/sbin/nginx");
const program = [unpacked, "nginx"].find((path) => spawnSync(path, ["-v"]).status === 0);

/** Why there is none; false if there is. */
export const missing = program ? false : "no nginx; install the package nginx to run it";

// As whoever runs the tests: as root it would make its folders somebody else's.
const asSelf = process.getuid?.() === 0 ? "user root; " : "";

/** A copy of the configuration with other words: [what, by what] in order. */
export function configure(name, changes) {
  const folder = mkdtempSync(join(tmpdir(), "statusmonitor-proxy-"));
  chmodSync(folder, 0o700);
  cpSync(locate("deploy/proxy"), folder, { recursive: true });
  for (const file of readdirSync(folder)) {
    const path = join(folder, file);
    writeFileSync(path, [["/tmp/", `${folder}/`], ...changes].reduce((text, [from, to]) => text.replaceAll(from, to), readFileSync(path, "utf8")));
  }
  return { folder, arguments: ["-p", folder, "-e", "stderr", "-c", join(folder, name)], remove: () => rmSync(folder, { recursive: true }) };
}

/** What nginx says of a configuration; empty if it is content. */
export function complaint(configuration) {
  const { status, stderr } = spawnSync(program, [...configuration.arguments, "-t", "-g", asSelf], { encoding: "utf8" });
  return status === 0 && !stderr.includes("[warn]") ? "" : stderr;
}

/** Starts the proxy; it serves once this returns. */
export async function start(configuration, port) {
  const nginx = spawn(program, [...configuration.arguments, "-g", `${asSelf}daemon off;`], { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  nginx.stderr.on("data", (text) => (log += text));
  const ended = once(nginx, "exit");
  while (!(await answers(port))) {
    if (nginx.exitCode !== null) throw new Error(log);
  }
  return {
    stop: async () => {
      nginx.kill("SIGTERM");
      await ended;
    },
  };
}

/** A port of this machine that is free now. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const answers = (port) => fetch(`http://127.0.0.1:${port}/`, { method: "HEAD" }).then(() => true, () => false);

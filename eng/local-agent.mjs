// What start.sh asks of the server: wait until it answers, and make a host for this machine with its agent's configuration.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [command, url, argument] = process.argv.slice(2);

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function waitForServer(pid) {
  for (;;) {
    try {
      const health = await fetch(`${url}/health`);
      if (health.ok || health.status === 503) return;
    } catch {
      // Not listening yet.
    }
    if (!isRunning(pid)) process.exit(1);
    await sleep(100);
  }
}

async function enrol(data) {
  const folder = join(data, "agent");
  const file = join(folder, "agent_config.json");
  mkdirSync(folder, { recursive: true });

  // A later start may use another port; the token stays.
  const existing = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  let { agent_token: token } = existing;
  if (!token) {
    const key = readFileSync(join(data, "operator.key"), "utf8").trim();
    const response = await fetch(`${url}/api/v1/hosts`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${key}` },
      body: JSON.stringify({ name: hostname() }),
    });
    if (!response.ok) throw new Error(`The server did not add this machine: ${await response.text()}`);
    ({ token } = await response.json());
  }
  writeFileSync(file, `${JSON.stringify({ interval: 5, ...existing, server_url: url, agent_token: token }, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

if (command === "wait") await waitForServer(Number(argument));
else await enrol(argument);

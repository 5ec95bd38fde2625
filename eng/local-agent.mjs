// What start.sh asks of the server: wait until it answers, and keep this machine's agent pointed at it.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const [command, url, ...rest] = process.argv.slice(2);

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until the server answers and has written the file it was asked for, if it was; fails if the process ends before. */
async function waitForServer(pid, file) {
  for (;;) {
    try {
      const health = await fetch(`${url}/health`);
      if ((health.ok || health.status === 503) && (!file || existsSync(file))) return;
    } catch {
      // Not listening yet.
    }
    if (!isRunning(pid)) process.exit(1);
    await sleep(100);
  }
}

/** Null if it is no plain JSON: whoever wrote it by hand keeps it as it is, and the agent says what is wrong with it. */
function read(config) {
  try {
    return JSON.parse(readFileSync(config, "utf8"));
  } catch {
    return null;
  }
}

/** A later start may use another port; the token stays. Says what to do if the server no longer takes it. */
async function follow(config) {
  const before = read(config);
  if (!before) return;
  if (before.server_url !== url) {
    writeFileSync(`${config}.new`, `${JSON.stringify({ ...before, server_url: url }, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${config}.new`, config);
  }

  // No report: it is refused, but first its token is looked up.
  const answer = await fetch(`${url}/api/v1/reports`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Agent-Token": String(before.agent_token) },
    body: "{}",
  });
  if (answer.status === 401) {
    console.error(`The server no longer takes this machine's token (was its host deleted?): to add the machine again, delete ${config} and start again.`);
  }
}

if (command === "wait") await waitForServer(Number(rest[0]), rest[1]);
else await follow(rest[0]);

// Sums up the reports of all test runners in a folder, names what failed and what was skipped with its reason, and ends with one line.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [folder, runnerFailed] = process.argv.slice(2);
let passed = 0;
const failed = [];
const skipped = [];

const decode = (text) =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&apos;", "'").replaceAll("&#xD;", "").replaceAll("&#xA;", "\n").replaceAll("&amp;", "&");

function readTrx(text) {
  for (const [result, attributes] of text.matchAll(/<UnitTestResult ([^>]*?)(?:\/>|>[\s\S]*?<\/UnitTestResult>)/g)) {
    const name = decode(/testName="([^"]*)"/.exec(attributes)[1]);
    const message = decode(/<(?:StdOut|Message)>([\s\S]*?)<\//.exec(result)?.[1] ?? "").trim();
    const outcome = /outcome="([^"]*)"/.exec(attributes)[1];
    if (outcome === "Passed") passed++;
    else if (outcome === "NotExecuted") skipped.push(`${name}: ${message || "no reason given"}`);
    else failed.push(name);
  }
}

function readVitest(report) {
  for (const test of report.testResults.flatMap((file) => file.assertionResults)) {
    if (test.status === "passed") passed++;
    else if (test.status === "failed") failed.push(test.fullName);
    else skipped.push(`${test.fullName}: ${test.status}`);
  }
}

function readNode(text) {
  for (const [, name, result = ""] of text.matchAll(/<testcase name="([^"]*)"(?:[^">]|"[^"]*")*?(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    // Escaped twice, by Node 20.
    const title = decode(decode(name));
    if (result.includes("<failure")) failed.push(title);
    else if (result.includes("<skipped")) skipped.push(`${title}: ${decode(decode(/message="([^"]*)"/.exec(result)?.[1] ?? "no reason given"))}`);
    else passed++;
  }
}

for (const file of readdirSync(folder)) {
  const text = readFileSync(join(folder, file), "utf8");
  if (file.endsWith(".trx")) readTrx(text);
  else if (file.endsWith(".xml")) readNode(text);
  else if (file.endsWith(".json")) readVitest(JSON.parse(text));
}

for (const name of failed) console.log(`failed: ${name}`);
for (const name of skipped) console.log(`skipped: ${name}`);

// A runner can fail without a failed test: a lint error, a crash, a build that made no report.
const other = runnerFailed === "1" && failed.length === 0 ? 1 : 0;
if (other) console.log("failed: a runner itself, see above");
console.log(`${passed} passed, ${failed.length + other} failed, ${skipped.length} skipped`);
process.exit(failed.length + other > 0 || passed === 0 ? 1 : 0);

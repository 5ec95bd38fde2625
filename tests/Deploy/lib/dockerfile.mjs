// What we ask of a Dockerfile. Each rule gives sentences, none if all is well.
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";

/** @param final Stages that become images: what is only built in has other rules. */
export function problemsOf(text, final) {
  const stages = stagesOf(text);
  return [
    ...validate(text).map((diagnostic) => `line ${diagnostic.range.start.line + 1}: ${diagnostic.message}`),
    ...stages.flatMap(baseProblems(stages)),
    ...stages.flatMap((stage) => stage.instructions.flatMap((instruction) => packageProblems(instruction).map((problem) => `${stage.name}: ${problem}`))),
    ...final.flatMap((name) => imageProblems(name, stages.find((stage) => stage.name === name))),
  ];
}

/** Stages with their instructions, in order. */
export function stagesOf(text) {
  const stages = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction.getKeyword() === "FROM") stages.push({ name: instruction.getBuildStage(), base: instruction.getImage(), instructions: [] });
    else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/** What an image is called by must stay what it is: a tag that says a version. */
export function isPinned(image) {
  const [, tag] = /^[^@]*?(?::([^:/@]+))?$/.exec(image) ?? [];
  return image.includes("@sha256:") || (tag !== undefined && tag !== "latest" && /\d/.test(tag));
}

export const instructionsOf = (stage, keyword) => stage.instructions.filter((instruction) => instruction.getKeyword() === keyword);

const baseProblems = (stages) => (stage) => {
  const isStage = stages.some((other) => other.name === stage.base);
  const sources = instructionsOf(stage, "COPY").flatMap((copy) => copy.getFlags().filter((flag) => flag.getName() === "from").map((flag) => flag.getValue()));
  return [
    ...(isStage || isPinned(stage.base) ? [] : [`${stage.name}: ${stage.base} has no tag with a version`]),
    ...sources.filter((source) => !stages.some((other) => other.name === source)).map((source) => `${stage.name}: there is no stage ${source} to copy from`),
    ...instructionsOf(stage, "ADD").map(() => `${stage.name}: COPY says what ADD only may do`),
  ];
};

function packageProblems(instruction) {
  if (instruction.getKeyword() !== "RUN") return [];
  const text = instruction.getArgumentsContent() ?? "";
  const problems = [];
  if (/\bsudo\b/.test(text)) problems.push("sudo is for people");
  for (const [, words] of text.matchAll(/apt-get install((?:\s+(?:\\\n\s*)?[^\s&;|]+)*)/g)) {
    const packages = words.split(/[\s\\]+/).filter((word) => word && !word.startsWith("-"));
    problems.push(...packages.filter((name) => !/^[a-z0-9.+-]+=\d/.test(name)).map((name) => `${name} is installed in whatever version there is`));
    if (!words.includes("--no-install-recommends")) problems.push("apt-get install brings what is only recommended");
    if (!/ -y\b/.test(words)) problems.push("apt-get install asks");
    if (!text.includes("rm -rf /var/lib/apt/lists/*")) problems.push("the package lists stay in the image");
  }
  return problems;
}

function imageProblems(name, stage) {
  if (!stage) return [`there is no stage ${name}`];
  const user = instructionsOf(stage, "USER").at(-1)?.getArgumentsContent() ?? "root";
  const entry = instructionsOf(stage, "ENTRYPOINT").at(-1)?.getArgumentsContent() ?? "";
  const problems = [];
  // Kubernetes knows a user that is not root by its number only.
  if (!/^[1-9]\d*(:[1-9]\d*)?$/.test(user)) problems.push(`${name}: runs as ${user}; give the number of a user that is not root`);
  if (instructionsOf(stage, "HEALTHCHECK").length !== 1) problems.push(`${name}: has no HEALTHCHECK (NONE, if it has nothing to ask)`);
  // Otherwise a shell gets the signal to stop.
  if (!entry.startsWith("[")) problems.push(`${name}: ENTRYPOINT is not a list`);
  return problems;
}

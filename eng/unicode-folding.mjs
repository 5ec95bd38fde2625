// Writes src/Grains/Accounts/UnicodeFolding.txt: what Unicode says of characters that can be written in more than one way. The build runs without
// the operating system's tables (InvariantGlobalization), and there .NET normalises nothing. Node brings them along.
// Run it again for a newer Unicode: node eng/unicode-folding.mjs
import { writeFileSync } from "node:fs";

const target = new URL("../src/Grains/Accounts/UnicodeFolding.txt", import.meta.url);
const hex = (codePoint) => codePoint.toString(16).toUpperCase().padStart(4, "0");
const assigned = /\p{Assigned}/u;
const ignorable = /\p{Default_Ignorable_Code_Point}/u;
const mark = /\p{Mark}/u;
const isHangulSyllable = (codePoint) => codePoint >= 0xac00 && codePoint <= 0xd7a3;

const entries = [];
const marks = [];
for (let codePoint = 0x80; codePoint <= 0x10ffff; codePoint++) {
  if (codePoint >= 0xd800 && codePoint <= 0xdfff) continue;
  const text = String.fromCodePoint(codePoint);
  if (!assigned.test(text)) continue;
  if (mark.test(text) && text.normalize("NFKD") === text) marks.push(codePoint);
  if (isHangulSyllable(codePoint)) continue;

  // What shows nothing distinguishes nothing. A decomposition is never ignorable as a whole, nor in part.
  const decomposed = ignorable.test(text) ? "" : text.normalize("NFKD");
  if (decomposed !== text) entries.push([codePoint, [...decomposed].map((part) => hex(part.codePointAt(0))).join(" ")]);
}

// Marks of different classes may stand in any order, and normalising sorts them; which of two comes first tells their classes apart.
const compare = (a, b) => {
  const [first, second] = [String.fromCodePoint(a), String.fromCodePoint(b)];
  if ((second + first).normalize("NFD") === first + second) return -1;
  return (first + second).normalize("NFD") === second + first ? 1 : 0;
};
const [lowest, highest] = [0x0334, 0x0345];
const sortable = marks.filter((codePoint) => compare(lowest, codePoint) !== 0 || compare(codePoint, highest) !== 0);
const classes = [];
for (const codePoint of sortable) {
  let [from, to] = [0, classes.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const order = compare(codePoint, classes[middle][0]);
    if (order === 0) [from, to] = [middle, -1];
    else if (order < 0) to = middle;
    else from = middle + 1;
  }
  if (to === -1) classes[from].push(codePoint);
  else classes.splice(from, 0, [codePoint]);
}

// Neighbours that say the same make one line.
const lines = (pairs) => {
  const ranges = [];
  for (const [codePoint, value] of pairs) {
    const last = ranges.at(-1);
    if (last?.value === value && last.to === codePoint - 1) last.to = codePoint;
    else ranges.push({ from: codePoint, to: codePoint, value });
  }
  return ranges.map(({ from, to, value }) => `${hex(from)}${from === to ? "" : `-${hex(to)}`}=${value}`);
};
const ranks = classes.flatMap((members, index) => members.map((codePoint) => [codePoint, String(index + 1)])).sort(([a], [b]) => a - b);
writeFileSync(target, [
  `# Unicode ${process.versions.unicode}, written by eng/unicode-folding.mjs`,
  "# Code points and what stands for each; nothing: it is left out",
  ...lines(entries),
  "# Marks and their place in the order of marks",
  ...lines(ranks),
  "",
].join("\n"));
console.log(`${entries.length} code points, ${ranks.length} marks in ${classes.length} classes`);

// Writes a .br and a .gz beside every text file of the build, so that the server never compresses at request time,
// and prints what the pages weigh over the wire. Fails when what the first page loads outgrows its budget; the other pages load their own parts
// when they are opened.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = join(import.meta.dirname, '..', 'dist');
const budget = 200_000;
const markup = readFileSync(join(dist, 'index.html'), 'utf8');
const text = /\.(html|js|css|svg|json|txt)$/;

const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && text.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
let plainTotal = 0;
let wireTotal = 0;
let firstPage = 0;
for (const file of files) {
  const plain = readFileSync(file);
  const brotli = brotliCompressSync(plain, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
    },
  });
  writeFileSync(`${file}.br`, brotli);
  writeFileSync(`${file}.gz`, gzipSync(plain, { level: 9 }));
  plainTotal += plain.length;
  wireTotal += brotli.length;
  const name = relative(dist, file);
  if (name === 'index.html' || markup.includes(`"/${name}"`)) firstPage += brotli.length;
  console.log(`${kB(plain.length)}  brotli ${kB(brotli.length)}  ${name}`);
}

console.log(`${kB(plainTotal)}  brotli ${kB(wireTotal)}  everything`);
console.log(`${''.padStart(10)}  brotli ${kB(firstPage)}  first page (budget ${budget / 1000} kB)`);
if (firstPage > budget) {
  console.error('The first page no longer fits its budget: look at what was added.');
  process.exit(1);
}

// Writes a .br and a .gz beside every text file of the build, so that the server never compresses at request time,
// and prints what the pages weigh over the wire. Fails when the whole build outgrows the budget of one first page.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = join(import.meta.dirname, '..', 'dist');
const budget = 200_000;
const text = /\.(html|js|css|svg|json|txt)$/;

const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && text.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .sort();

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
let plainTotal = 0;
let wireTotal = 0;
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
  console.log(`${kB(plain.length)}  brotli ${kB(brotli.length)}  ${relative(dist, file)}`);
}

console.log(`${kB(plainTotal)}  brotli ${kB(wireTotal)}  everything (budget ${budget / 1000} kB)`);
if (wireTotal > budget) {
  console.error('The dashboard no longer fits its budget: look at what was added.');
  process.exit(1);
}

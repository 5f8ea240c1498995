import { describe, replay } from './replay.js';

const seedAt = process.argv.indexOf('--seed');
const countAt = process.argv.indexOf('--count');
const first = Number(process.argv[seedAt + 1]);
const count = countAt === -1 ? 1 : Number(process.argv[countAt + 1]);
const verbose = process.argv.includes('--verbose');
const ends = new Map<string, number>();
let bad = 0;
for (let seed = first; seed < first + count; seed += 1) {
  const verdict = await replay(seed);
  if (verbose) console.log(verdict.log.join('\n'));
  ends.set(String(verdict.state), (ends.get(String(verdict.state)) ?? 0) + 1);
  if (verdict.violations.length > 0) {
    bad += 1;
    console.log(describe(verdict));
  }
}
console.log(`${count} histories, ${bad} bad;`, Object.fromEntries(ends));

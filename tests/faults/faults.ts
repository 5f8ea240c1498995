/**
 * `npm run faults -- --seed N [--count M] [--verbose]`: replays histories; --verbose prints all that happened.
 * `npm run test:soak [-- COUNT]`: many of them, on all processors.
 */
import { parseArgs } from 'node:util';
import { describe, replay } from './replay.js';
import { runHistories, seeds } from './workers.js';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const count = Number(values.count);
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(count)) {
  console.error('faults: error: --seed and --count take whole numbers');
  process.exitCode = 2;
} else if (values.verbose) {
  for (const one of seeds(seed, count)) {
    const verdict = await replay(one);
    console.log(verdict.log.join('\n'));
    console.log(`${describe(verdict)}\nended: ${verdict.state}`);
    if (verdict.violations.length > 0) process.exitCode = 1;
  }
} else {
  const started = performance.now();
  let done = 0;
  const { histories, broken, summary } = await runHistories(seeds(seed, count), (verdict) => {
    done += 1;
    if (done % 1000 === 0) console.error(`${done} histories`);
    if (verdict.violations.length > 0) console.log(describe(verdict));
  });
  console.log(JSON.stringify(summary, null, 2));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${histories} histories from seed ${seed} in ${seconds} s: ${broken.length} broke a promise`);
  if (broken.length > 0 || histories !== count) process.exitCode = 1;
}

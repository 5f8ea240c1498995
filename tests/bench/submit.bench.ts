import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder, MEM_ESCALATE, median, report, submit, timed } from './cluster.js';

/**
 * Submitting 0-9999 against the same sbatch calls bare: an array and two handlers. Twice 10,000 tasks a round stay with the
 * controller for MinJobAge after they are cancelled: more rounds would reach MaxJobCount.
 */
const ROUNDS = 4;
const bench = benchFolder('submit');
const script = join(bench.folder, 'job.sh');
writeFileSync(script, '#!/bin/bash\ntrue\n');

const ours: number[] = [];
const bare: number[] = [];
let commands = {};
for (let round = 0; round < ROUNDS; round += 1) {
  bench.commands();
  const { chain, seconds } = await submit(bench, [
    '-a',
    '0-9999',
    '--sbatch',
    '--begin=now+1hour',
    '--',
    script,
  ]);
  commands = bench.commands();
  ours.push(seconds);
  await timed(process.execPath, [MEM_ESCALATE, '--cancel', chain], bench);
  bare.push(await bareCalls());
}
report('submit', {
  bare_sbatch: median(bare),
  mem_escalate: median(ours),
  difference: median(ours.map((seconds, at) => seconds - (bare[at] ?? 0))),
  allowed: 0.4,
  commands: JSON.stringify(commands),
});

async function bareCalls(): Promise<number> {
  const array = await timed('sbatch', ['--parsable', '--hold', '--array=0-9999', script], bench);
  const job = array.stdout.trim();
  const ok = await timed('sbatch', ['--parsable', `--dependency=afterok:${job}`, script], bench);
  const notOk = await timed('sbatch', ['--parsable', `--dependency=afternotok:${job}`, script], bench);
  await timed('scancel', [job, ok.stdout.trim(), notOk.stdout.trim()], bench);
  return array.seconds + ok.seconds + notOk.seconds;
}

import { spawnSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastRound } from '../../lib/chain/checkpoint.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { benchFolder, checkpointPath, median, report, submit, timed, waitFor } from './cluster.js';

/**
 * The handler's decision on 10,000 finished tasks against a bare sacct of the same job with the same fields. The
 * handler is run by hand on a copy of the checkpoint in which the round has not been decided; every third task fails.
 */
const ROUNDS = 5;
const bench = benchFolder('decision');
const script = join(bench.folder, 'job.sh');
writeFileSync(
  script,
  '#!/bin/bash\n#SBATCH -o /dev/null\n[ $((SLURM_ARRAY_TASK_ID % 3)) = 0 ] && exit 1\nexit 0\n',
);
const ladder = join(bench.folder, 'ladder.yaml');
writeFileSync(ladder, 'levels:\n  - {partition: "devel,day,week,pi_jetz", mem: 50M, time: 1}\n');

const { chain } = await submit(bench, ['-c', ladder, '-a', '0-9999', script]);
const before = join(bench.folder, 'undecided.checkpoint');
copyFileSync(checkpointPath(bench, chain), before);
const ended = await waitFor(bench, chain, 900, ({ state }) => state !== 'active');
const job = lastRound(ended).jobs[0]?.jobId ?? '';

const fields = 'JobID,JobIDRaw,State,ExitCode,NodeList,ElapsedRaw,AllocCPUS,MaxRSS,Submit,Start,End,Comment';
const handler = `${PACKAGE_ROOT}dist/handlers/on-failure.js`;
const bare: number[] = [];
const decision: number[] = [];
const memory: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  copyFileSync(before, checkpointPath(bench, chain));
  bench.commands();
  bare.push((await timed('sacct', ['-n', '-P', `--format=${fields}`, '-j', job], bench)).seconds);
  bench.commands();
  const started = process.hrtime.bigint();
  // GNU time prints the peak memory in KB on stderr, as its last line.
  const { stderr } = spawnSync(
    '/usr/bin/time',
    ['-f', '%M', process.execPath, handler, checkpointPath(bench, chain)],
    {
      env: bench.env,
      encoding: 'utf8',
    },
  );
  decision.push(Number(process.hrtime.bigint() - started) / 1e9);
  memory.push(Number(stderr.trim().split('\n').at(-1)));
}
report('decision', {
  bare_sacct: median(bare),
  handler: median(decision),
  difference: median(decision.map((seconds, at) => seconds - (bare[at] ?? 0))),
  allowed: 1,
  memory_mb: median(memory) / 1024,
  commands: JSON.stringify(bench.commands()),
});

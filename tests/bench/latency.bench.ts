import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder, median, report, submit, timed, waitFor } from './cluster.js';

/** From the last task's end to the retry being queued, and how much of it is Slurm's start of the handler. */
const ROUNDS = 15;
const bench = benchFolder('latency');
const script = join(bench.folder, 'job.sh');
writeFileSync(
  script,
  '#!/bin/bash\n#SBATCH -o /dev/null\n[ "$MEM_ESCALATE_LEVEL" = 0 ] && exit 137\nexit 0\n',
);
const ladder = join(bench.folder, 'ladder.yaml');
writeFileSync(
  ladder,
  'levels:\n  - {partition: day, mem: 50M, time: 1}\n  - {partition: day, mem: 100M, time: 1}\n',
);

const afterEnd: number[] = [];
const afterStart: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const { chain } = await submit(bench, ['-c', ladder, '-a', '0-9', script]);
  const ended = await waitFor(bench, chain, 120, ({ state }) => state !== 'active');
  const [first] = ended.rounds;
  const handler = first?.handlers.find(({ trigger }) => trigger === 'afternotok')?.jobId ?? '';
  const queued =
    ended.events.find((event) => event.kind === 'submitted' && event.round === 2)?.at ?? Number.NaN;
  afterEnd.push(queued - Math.max(...(await times(first?.jobs[0]?.jobId ?? '', 'End'))));
  afterStart.push(queued - Math.max(...(await times(handler, 'Start'))));
}
report('latency', {
  end_to_retry_queued: median(afterEnd),
  handler_start_to_retry_queued: median(afterStart),
  worst: Math.max(...afterStart),
  allowed: 5,
});

/** Accounting knows whole seconds, cut off: the figures are up to a second too long. */
async function times(job: string, field: string): Promise<number[]> {
  const env = { ...bench.env, SLURM_TIME_FORMAT: '%s' };
  const { stdout } = await timed('sacct', ['-n', '-X', '-P', `--format=${field}`, '-j', job], {
    ...bench,
    env,
  });
  return stdout.split('\n').filter(Boolean).map(Number);
}

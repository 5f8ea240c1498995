import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conservationViolation } from '../../lib/chain/conservation.js';
import { EMPTY, indexSet, union } from '../../lib/chain/index-set.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { expand, parseArraySpec } from '../../lib/slurm/array-spec.js';
import { benchFolder, report, submit, waitFor } from './cluster.js';

/**
 * The specification's scenario of 10,500 tasks with FAIL_MOD=17 over all four levels. Durations run at a hundredth and
 * memory at about a twentieth, so that hundreds of tasks fit the nodes at once; limits are Slurm's own.
 */
const TASKS = 10_500;
const FAIL_MOD = 17;
const bench = benchFolder('large');
const ladder = join(bench.folder, 'ladder.yaml');
writeFileSync(
  ladder,
  `levels:
  - {partition: "devel,day,week,pi_jetz", mem: 48M, time: "00:01:00"}
  - {partition: "day,week,pi_jetz", mem: 96M, time: "00:02:00"}
  - {partition: "week,pi_jetz", mem: 192M, time: "00:04:00"}
  - {partition: "pi_jetz", mem: 384M, time: "00:08:00"}
`,
);
Object.assign(bench.env, { VARIABLE_JOB_SCALE: '0.01', VARIABLE_JOB_MEM_MB: '72' });
const script = `${PACKAGE_ROOT}tests/jobs/variable-job.sh`;
const { chain, seconds } = await submit(bench, [
  '-c',
  ladder,
  '-a',
  `0-${TASKS - 1}`,
  '-e',
  `FAIL_MOD=${FAIL_MOD}`,
  '--sbatch',
  '--output=/dev/null',
  script,
]);
const ended = await waitFor(bench, chain, 3600, ({ state }) => state !== 'active');

const indices = (spec: string) => indexSet(expand(parseArraySpec(spec)));
const nonEmpty = (spec: string | undefined) => (spec === undefined || spec === '' ? EMPTY : indices(spec));
const completed = union(ended.rounds.map(({ result }) => nonEmpty(result?.buckets.completed)));
const failed = union(ended.rounds.map(({ result }) => nonEmpty(result?.buckets.failed)));
const expected = indices(`0-${TASKS - 1}`);
const deliberate = expected.filter((index) => index % FAIL_MOD === 0);
for (const round of ended.rounds) {
  const { number, jobs, startedAt, result } = round;
  report(`large round ${number}`, {
    jobs: jobs.length,
    mapped_jobs: jobs.filter(({ mapped }) => mapped).length,
    tasks: jobs.reduce((sum, { count }) => sum + count, 0),
    longest_spec: Math.max(...jobs.map(({ array }) => array?.length ?? 0)),
    seconds: (result?.finishedAt ?? 0) - startedAt,
    states: JSON.stringify(result?.states),
  });
}
report('large', {
  state: ended.state,
  submit_seconds: seconds,
  total_seconds: ended.updatedAt - ended.createdAt,
  completed: completed.length,
  failed: failed.length,
  failed_as_meant: String(
    failed.length === deliberate.length && failed.every((index, at) => index === deliberate[at]),
  ),
  conservation:
    conservationViolation(expected, { completed, failed, retrying: EMPTY, unknown: EMPTY }) ?? 'holds',
  commands_of_ours: JSON.stringify(bench.commands()),
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Checkpoint } from '../../lib/chain/checkpoint.js';
import { expandSpec } from './cluster.js';
import { Bench, PLAN_JOB } from './harness.js';

t.jobs = 2;

/** MaxArraySize of the test cluster is 10001: 10000 is the largest index that `--array` takes. */
const ARRAY = '9990-10020';
const INDICES = expandSpec(ARRAY);
const FAILING = INDICES.filter((index) => index % 7 === 0);
const PLAN = { '*': 'ok', ...Object.fromEntries(FAILING.map((index) => [index, 'exit:137 ok'])) };

/** Every attempt with the name that its output file has to have. */
function outputs({ rounds }: Checkpoint, name: (job: string, index: number) => string): [number, string][] {
  const jobs = rounds.flatMap((round) => round.jobs);
  return jobs.flatMap(({ jobId, indices }) =>
    expandSpec(indices).map((index): [number, string] => [index, name(`${jobId}`, index)]),
  );
}

t.test('tasks at and above MaxArraySize see their true index, and output files carry it', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ array: ARRAY, plan: PLAN });
  const checkpoint = await chain.waitForEnd('completed');
  t.ok(
    checkpoint.rounds.every(
      ({ jobs }) => jobs.some(({ mapped }) => mapped) && jobs.some(({ mapped }) => !mapped),
    ),
  );
  t.strictSame(
    chain.marks(),
    [...INDICES.map((index) => `${index} 0`), ...FAILING.map((index) => `${index} 1`)].sort(),
    'marks of the true indices',
  );
  for (const [index, name] of outputs(checkpoint, (job, index) => `slurm-${job}_${index}.out`)) {
    const file = join(chain.folder, name);
    t.match(existsSync(file) && readFileSync(file, 'utf8'), new RegExp(`^index ${index} `), name);
  }
  await chain.assertSound(t);
});

t.test('the same with an output pattern of the person and arguments', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '9999-10002',
    plan: { '*': 'ok', 10001: 'oom ok' },
    script: PLAN_JOB,
    options: ['--sbatch', '--output=out-%6a-of-%A.%%.txt', '--error=err-%a.txt', '--'],
    args: ['an argument'],
  });
  const checkpoint = await chain.waitForEnd('completed');
  const name = (job: string, index: number) => `out-${String(index).padStart(6, '0')}-of-${job}.%.txt`;
  for (const [index, path] of outputs(checkpoint, name)) {
    const file = join(chain.folder, path);
    t.match(existsSync(file) && readFileSync(file, 'utf8'), new RegExp(`^index ${index} `), path);
    t.ok(existsSync(join(chain.folder, `err-${index}.txt`)), `err-${index}.txt`);
  }
  await chain.assertSound(t);
});

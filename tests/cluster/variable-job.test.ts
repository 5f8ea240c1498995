import { readFileSync } from 'node:fs';
import t from 'tap';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { Bench } from './harness.js';

t.jobs = 2;

/** What the table in tests/jobs/variable-job.sh says of a task, under the ladder of the specification. */
function expected(index: number): string {
  const done = (level: number) => `${level} COMPLETED 0:0`;
  const timeout = (level: number) => `${level} TIMEOUT 0:0`;
  switch (index % 10) {
    case 5:
    case 6:
      return [timeout(0), done(1)].join(', ');
    case 7:
      return [timeout(0), timeout(1), done(2)].join(', ');
    case 8:
      return ['0 OUT_OF_MEMORY 0:125', done(1)].join(', ');
    case 9:
      return [timeout(0), timeout(1), timeout(2), done(3)].join(', ');
    default:
      return done(0);
  }
}

const TASKS = Array.from({ length: 20 }, (_, index) => index);
const JOB = {
  array: '0-19',
  script: `${PACKAGE_ROOT}tests/jobs/variable-job.sh`,
  ladder: readFileSync(`${PACKAGE_ROOT}config/ladders/escalation-target.yaml`, 'utf8'),
  env: { VARIABLE_JOB_SCALE: '0.02' },
};

t.test('the 20 tasks of the specification climb all four levels', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit(JOB);
  const { rounds } = await chain.waitForEnd('completed', 300);
  t.strictSame(chain.attempts(), Object.fromEntries(TASKS.map((index) => [index, expected(index)])));
  t.strictSame(
    rounds.map((round) => round.jobs.map(({ level, count }) => `level ${level}: ${count}`).join()),
    ['level 0: 20', 'level 1: 10', 'level 2: 4', 'level 3: 2'],
  );
  await chain.assertSound(t);
});

t.test('mixed-fail: tasks with code errors among them stay failed', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ ...JOB, options: ['--export', 'FAIL_TASKS=10:11:12'] });
  await chain.waitForEnd('failed', 300);
  const failing = new Set([10, 11, 12]);
  t.strictSame(
    chain.attempts(),
    Object.fromEntries(TASKS.map((index) => [index, failing.has(index) ? '0 FAILED 1:0' : expected(index)])),
  );
  await chain.assertSound(t);
});

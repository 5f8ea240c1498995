import t from 'tap';
import type { ChainStatus } from '../../lib/chain/status.js';
import { Bench } from './harness.js';

t.jobs = 2;

/** Two rungs of memory by two of time; only week and pi_jetz allow two minutes. */
const AXES = `ladder: axes
axes: {mem: [64M, 128M], time: [1, 2]}
partitions: [devel, day, week, pi_jetz]
retry: {PREEMPTED: {count: 2, duration: "1:00:00"}}
`;

/** The level of each combination. */
const LEVELS = { '64M 1': 0, '64M 2': 1, '128M 1': 2, '128M 2': 3 };

const OOM = (level: number) => `${level} OUT_OF_MEMORY 0:125`;
const TIMEOUT = (level: number) => `${level} TIMEOUT 0:0`;
const DONE = (level: number) => `${level} COMPLETED 0:0`;

t.test('memory and time climb apart, each only when it failed', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-6',
    ladder: `${AXES}state_handling: {FAILED: escalate}\nretry_limit: 1\n`,
    plan: {
      0: 'ok',
      1: 'oom ok',
      2: 'timeout ok',
      3: 'oom timeout ok',
      4: 'oom oom',
      5: 'exit:137 ok',
      6: 'exit:75 exit:75',
    },
  });
  const { ladder, rounds } = await chain.waitForEnd('exhausted');
  t.strictSame(
    ladder.levels.map(({ partition }) => partition),
    ['devel,day,week,pi_jetz', 'week,pi_jetz', 'devel,day,week,pi_jetz', 'week,pi_jetz'],
    'each combination goes to the partitions that admit it',
  );
  t.strictSame(chain.attempts(), {
    0: DONE(LEVELS['64M 1']),
    1: [OOM(0), DONE(LEVELS['128M 1'])].join(', '),
    2: [TIMEOUT(0), DONE(LEVELS['64M 2'])].join(', '),
    3: [OOM(0), TIMEOUT(LEVELS['128M 1']), DONE(LEVELS['128M 2'])].join(', '),
    4: [OOM(0), OOM(LEVELS['128M 1'])].join(', '),
    5: ['0 FAILED 9:0', DONE(LEVELS['128M 1'])].join(', '),
    6: '0 FAILED 75:0, 0 FAILED 75:0',
  });
  const failures = rounds.flatMap((round) => round.result?.failures ?? []);
  t.strictSame(failures.map(({ cause, tasks }) => `${tasks} ${cause}`).sort(), [
    '4 exhausted',
    '6 retry_limit',
  ]);
  const memoryRungs = chain.marks().filter((mark) => mark.startsWith('2 ') || mark.startsWith('3 '));
  t.strictSame(memoryRungs, ['2 0', '2 0', '3 0', '3 1', '3 1'], 'MEM_ESCALATE_LEVEL is the rung of memory');
  const status = await chain.json<ChainStatus>('--status');
  t.strictSame(
    status.levels.map(({ level, rungs }) => [level, rungs?.mem, rungs?.time]),
    [
      [0, 0, 0],
      [1, 0, 1],
      [2, 1, 0],
      [3, 1, 1],
    ],
  );
  t.match((await chain.run('--status')).stdout, /^128M 00:02:00 week,pi_jetz /m);
  t.match((await chain.run('--report')).stdout, /\| 128M 00:02:00 \|/);
  await chain.assertSound(t);
});

t.test('--start-mem and --max-level speak of each axis', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-1',
    ladder: AXES.replace('[64M, 128M]', '[64M, 128M, 256M]'),
    options: ['--start-mem', '128M', '--max-level', '1'],
    plan: { 0: 'oom', 1: 'ok' },
  });
  await chain.waitForEnd('exhausted');
  t.strictSame(chain.attempts(), { 0: OOM(2), 1: DONE(2) });
  await chain.assertSound(t);
});

t.test('a combination that no partition admits is refused before anything is submitted', async (t) => {
  const bench = await Bench.open(t);
  const { code, stderr } = await bench.trySubmit({
    array: '0',
    ladder: 'ladder: axes\naxes: {mem: [1G, 4G], time: [1, 4]}\npartitions: [devel, day, week]\n',
  });
  t.equal(code, 2);
  t.match(stderr, /ladder\.yaml: 1G 00:04:00 can never run: partition devel allows 00:01:00/);
});

t.test(
  'a retry budget of its own; OUT_OF_MEMORY counts by the exit of the script, where it is known',
  async (t) => {
    const bench = await Bench.open(t);
    const chain = await bench.submit({
      array: '0-3',
      ladder: `${AXES.replace('PREEMPTED: {count: 2', 'FAILED: {count: 1')}oom_exit0: accept\n`,
      plan: { 0: 'exit:75 exit:75', 1: 'exit:75 ok', 2: 'oom-survived ok', 3: 'oom ok' },
    });
    await chain.waitForEnd('failed');
    t.strictSame(chain.attempts(), {
      0: '0 FAILED 75:0, 0 FAILED 75:0',
      1: ['0 FAILED 75:0', DONE(0)].join(', '),
      2: OOM(0),
      3: [OOM(0), DONE(2)].join(', '),
    });
    const budget = { count: 1, duration: 3600 };
    const { failures, retries } = await chain.json<ChainStatus>('--status');
    t.match(failures, [{ cause: 'retry_limit', state: 'FAILED', tasks: '0', budget }]);
    t.strictSame(retries, [{ state: 'FAILED', count: 2, budget }]);
    const text = 'at most 1 time at one level, for 01:00:00';
    t.match((await chain.run('--status')).stdout, `2 after FAILED: a task ${text}`);
    t.match((await chain.run('--report')).stdout, `| FAILED | 2 | ${text} |`);
    await chain.assertSound(t);
  },
);

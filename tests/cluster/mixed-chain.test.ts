import t from 'tap';
import type { ChainStatus } from '../../lib/chain/status.js';
import { Bench, LADDER } from './harness.js';

t.jobs = 3;

const OOM = (level: number) => `${level} OUT_OF_MEMORY 0:125`;
const DONE = (level: number) => `${level} COMPLETED 0:0`;
const TIMEOUT = (level: number) => `${level} TIMEOUT 0:0`;
const FAILED = (level: number, exit: string) => `${level} FAILED ${exit}`;

t.test('tasks that complete, run out of memory or time, and fail by their own fault', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-14',
    plan: {
      '*': 'ok',
      4: 'oom ok',
      5: 'oom oom ok',
      6: 'oom oom oom ok',
      7: 'timeout ok',
      8: 'timeout oom ok',
      9: 'oom-survived ok',
      10: 'exit:1',
      11: 'oom exit:1',
      12: 'oom oom oom oom',
      13: 'exit:3',
      14: 'exit:137 oom ok',
    },
  });
  const checkpoint = await chain.waitForEnd('exhausted');
  t.strictSame(chain.attempts(), {
    ...Object.fromEntries([0, 1, 2, 3].map((index) => [index, DONE(0)])),
    4: [OOM(0), DONE(1)].join(', '),
    5: [OOM(0), OOM(1), DONE(2)].join(', '),
    6: [OOM(0), OOM(1), OOM(2), DONE(3)].join(', '),
    7: [TIMEOUT(0), DONE(1)].join(', '),
    8: [TIMEOUT(0), OOM(1), DONE(2)].join(', '),
    9: [OOM(0), DONE(1)].join(', '),
    10: FAILED(0, '1:0'),
    11: [OOM(0), FAILED(1, '1:0')].join(', '),
    12: [OOM(0), OOM(1), OOM(2), OOM(3)].join(', '),
    13: FAILED(0, '3:0'),
    14: [FAILED(0, '9:0'), OOM(1), DONE(2)].join(', '),
  });
  t.strictSame(chain.marks(), chain.marksOfAttempts(), 'what ran, and the level that tasks saw');
  const timeouts = (chain.outcomes().get(1) ?? []).filter(({ state }) => state === 'TIMEOUT');
  t.ok(
    timeouts.every(({ elapsed }) => elapsed >= 60),
    "the limit of a minute was Slurm's own",
  );
  const failures = checkpoint.rounds.flatMap((round) => round.result?.failures ?? []);
  t.strictSame(failures.map(({ cause, state, tasks }) => `${tasks} ${state} ${cause}`).sort(), [
    '10 FAILED no_retry',
    '11 FAILED no_retry',
    '12 OUT_OF_MEMORY exhausted',
    '13 FAILED no_retry',
  ]);
  const { state, counts, levels } = await chain.json<ChainStatus>('--status');
  t.equal(state, 'EXHAUSTED');
  t.match(counts, { completed: 11, failed: 4, running: 0, pending: 0, retrying: 0, unknown: 0 });
  t.strictSame(
    levels.map(({ tasks, completed, escalated, failed }) => [tasks, completed, escalated, failed]),
    [
      [15, 4, 9, 2],
      [9, 3, 5, 1],
      [5, 3, 2, 0],
      [2, 1, 0, 1],
    ],
    'tasks, completed, escalated, failed at each level',
  );
  const { summary } = await chain.json<{ summary: object }>('--report');
  t.strictSame(summary, { tasks: 15, completed: 11, failed: 4, unknown: 0, open: 0 });
  await chain.assertSound(t);
});

/** `9` and `137` both print as `9:0` in accounting: where there is no rule on 9 the one on 137 takes both. */
t.test('exit codes and deaths by signal, under the default rules', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-9',
    plan: {
      0: 'exit:1',
      1: 'exit:137 ok',
      2: 'exit:9 ok',
      3: 'exit:255',
      4: 'exit:128',
      5: 'signal:KILL ok',
      6: 'signal:SEGV',
      7: 'signal:TERM',
      8: 'exit:127',
      9: 'ok',
    },
  });
  await chain.waitForEnd('failed');
  t.strictSame(chain.attempts(), {
    0: FAILED(0, '1:0'),
    1: [FAILED(0, '9:0'), DONE(1)].join(', '),
    2: [FAILED(0, '9:0'), DONE(1)].join(', '),
    3: FAILED(0, '127:0'),
    4: FAILED(0, '0:0'),
    5: [FAILED(0, '0:9'), DONE(1)].join(', '),
    6: FAILED(0, '0:11'),
    7: FAILED(0, '0:15'),
    8: FAILED(0, '127:0'),
    9: DONE(0),
  });
  t.strictSame(chain.marks(), chain.marksOfAttempts());
  await chain.assertSound(t);
});

t.test('exit codes, under rules of the ladder', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-7',
    ladder: `${LADDER}state_handling:
  OUT_OF_MEMORY: no_retry
  FAILED: escalate
  exit_codes: {1: escalate, 9: no_retry, 127: no_retry, 128: escalate, 139: no_retry}
`,
    plan: {
      0: 'exit:1 ok',
      1: 'exit:9',
      2: 'signal:KILL ok',
      3: 'exit:127',
      4: 'exit:128 ok',
      5: 'signal:SEGV',
      6: 'oom',
      7: 'exit:42 exit:128 exit:42 exit:42',
    },
  });
  await chain.waitForEnd('exhausted');
  t.strictSame(chain.attempts(), {
    0: [FAILED(0, '1:0'), DONE(1)].join(', '),
    1: FAILED(0, '9:0'),
    2: [FAILED(0, '0:9'), DONE(1)].join(', '),
    3: FAILED(0, '127:0'),
    4: [FAILED(0, '0:0'), DONE(1)].join(', '),
    5: FAILED(0, '0:11'),
    6: OOM(0),
    7: [FAILED(0, '42:0'), FAILED(1, '0:0'), FAILED(2, '42:0'), FAILED(3, '42:0')].join(', '),
  });
  await chain.assertSound(t);
});

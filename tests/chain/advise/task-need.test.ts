import t from 'tap';
import { type Attempt, attemptEnd, chainAttempts } from '../../../lib/chain/advise/attempt.js';
import { taskNeeds } from '../../../lib/chain/advise/task-need.js';
import { DEFAULT_POLICY } from '../../../lib/chain/ladder.js';
import { checkpoint, ladder, level, outcome, round, roundJob } from '../plain-chain.js';

const GIGABYTE = 2 ** 30;
const MEGABYTE = 2 ** 20;

function attempt(change: Partial<Attempt>): Attempt {
  return {
    index: 0,
    level: 0,
    end: 'completed',
    mem: GIGABYTE,
    elapsed: 60,
    maxRss: null,
    cpus: 1,
    ...change,
  };
}

const known = (atLeast: number) => ({ atLeast, known: true });
const beyond = (atLeast: number) => ({ atLeast, known: false });

/** What attempts there were, the memory and time that the task needs. */
const NEEDS: [string, Partial<Attempt>[], object][] = [
  [
    'a measured run',
    [{ maxRss: 300 * MEGABYTE }],
    { memory: known(300 * MEGABYTE), time: known(60), measured: true },
  ],
  ['a run that was not sampled', [{}], { memory: known(GIGABYTE), measured: false }],
  ['not sampled, memory unknown', [{ mem: null }], { memory: beyond(0), time: known(60) }],
  ['not sampled, all of a node', [{ mem: Number.POSITIVE_INFINITY }], { memory: beyond(0) }],
  [
    'the largest of several runs',
    [{ maxRss: 5 }, { maxRss: 7, elapsed: 9 }],
    { memory: known(7), time: known(60) },
  ],
  [
    'out of memory, then completed',
    [
      { end: 'out_of_memory', elapsed: 3 },
      { mem: 4 * GIGABYTE, maxRss: 2 * GIGABYTE },
    ],
    {
      memory: known(2 * GIGABYTE),
      ranOut: { memory: true, time: false },
      outOfMemory: [{ mem: GIGABYTE, after: 3 }],
    },
  ],
  [
    'sampled below what did not suffice',
    [{ end: 'out_of_memory' }, { mem: 4 * GIGABYTE, maxRss: 20 * MEGABYTE }],
    { memory: known(4 * GIGABYTE), measured: false },
  ],
  [
    'out of memory for good',
    [
      { end: 'out_of_memory', elapsed: 4 },
      { end: 'out_of_memory', mem: 8 * GIGABYTE, elapsed: 30 },
    ],
    { memory: beyond(8 * GIGABYTE), time: beyond(30), succeeds: true },
  ],
  [
    'out of time, then completed',
    [
      { end: 'timeout', elapsed: 88 },
      { elapsed: 100, maxRss: MEGABYTE },
    ],
    { time: known(100), ranOut: { memory: false, time: true } },
  ],
  ['out of time, then quicker', [{ end: 'timeout', elapsed: 88 }, { elapsed: 70 }], { time: known(89) }],
  [
    'out of time for good',
    [{ end: 'timeout', elapsed: 88, maxRss: MEGABYTE }],
    { memory: beyond(MEGABYTE), time: beyond(88) },
  ],
  [
    'failed by itself',
    [{ end: 'failed', maxRss: 8 }],
    { memory: known(8), time: known(60), succeeds: false },
  ],
  ['failed, then completed', [{ end: 'failed' }, { elapsed: 7 }], { time: known(7), succeeds: true }],
  ['the most CPUs', [{ cpus: 2 }, { cpus: 8 }], { cpus: 8 }],
];

t.test('what attempts say of a need', async (t) => {
  for (const [name, attempts, expected] of NEEDS) {
    const needs = taskNeeds(attempts.map(attempt));
    t.equal(needs.length, 1, name);
    t.match(needs[0], expected, name);
  }
});

t.test('node failures and cancelled attempts say nothing', async (t) => {
  t.same(taskNeeds([attempt({ end: 'other' })]), []);
  t.match(taskNeeds([attempt({ end: 'other', elapsed: 900 }), attempt({ elapsed: 5 })]), [
    { time: known(5) },
  ]);
});

t.test('how an attempt ended, by state and policy', async (t) => {
  const end = (state: Parameters<typeof attemptEnd>[0]['state'], code: number) =>
    attemptEnd({ state, exit: { code, signal: 0 } }, DEFAULT_POLICY);
  t.equal(end('COMPLETED', 0), 'completed');
  t.equal(end('OUT_OF_MEMORY', 0), 'out_of_memory');
  t.equal(end('TIMEOUT', 0), 'timeout');
  t.equal(end('FAILED', 1), 'failed');
  t.equal(end('FAILED', 137), 'out_of_memory', 'what the policy escalates lacks something');
  for (const state of ['NODE_FAIL', 'PREEMPTED', 'CANCELLED', 'UNKNOWN'] as const)
    t.equal(end(state, 0), 'other');
});

t.test('the attempts of a chain', async (t) => {
  const rounds = [
    round([roundJob({ array: '0-2', indices: '0-2', count: 3 })], { phase: 'finished' }),
    round([roundJob({ array: '2', indices: '2', count: 1, level: 1 })], { number: 2 }),
  ];
  const levels = [level({ mem: GIGABYTE, time: 60, cpus: 3 }), level({ mem: 0, time: 120 })];
  const outcomes = [
    [
      outcome(0, { cpus: null }),
      outcome(1, { terminal: false, state: 'RUNNING' }),
      outcome(2, { state: 'OUT_OF_MEMORY', cpus: null }),
    ],
    [outcome(2, { maxRss: 7, cpus: 6 })],
  ];
  const attempts = chainAttempts(
    checkpoint({ rounds, ladder: ladder({ levels }) }),
    (number) => outcomes[number - 1] ?? [],
  );
  t.match(attempts, [
    { index: 0, level: 0, end: 'completed', mem: GIGABYTE, elapsed: 5, cpus: 3 },
    { index: 2, level: 0, end: 'out_of_memory', mem: GIGABYTE, cpus: 3 },
    { index: 2, level: 1, end: 'completed', mem: Number.POSITIVE_INFINITY, maxRss: 7, cpus: 6 },
  ]);
  t.equal(attempts.length, 3);
});

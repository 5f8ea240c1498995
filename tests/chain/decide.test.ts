import fc from 'fast-check';
import t from 'tap';
import type { TaskOutcome } from '../../lib/chain/checkpoint.js';
import { conservationViolation } from '../../lib/chain/conservation.js';
import { type Decision, decide, type RoundTask, type Verdict, verdict } from '../../lib/chain/decide.js';
import { indexSet, union } from '../../lib/chain/index-set.js';
import { ACTIONS, type Action, DEFAULT_POLICY, type StatePolicy } from '../../lib/chain/ladder.js';
import { formatExitCode, parseExitCode } from '../../lib/slurm/exit-code.js';
import { JOB_STATES, type JobState } from '../../lib/slurm/job-state.js';
import { ladder, outcome } from './plain-chain.js';

fc.configureGlobal({ seed: 20251224 });

const STATES = Object.keys(JOB_STATES) as JobState[];
const TERMINAL = STATES.filter((state) => JOB_STATES[state].terminal);

function judge(state: TaskOutcome['state'], exit: string, policy: StatePolicy): Verdict {
  const terminal = state !== 'UNKNOWN' && JOB_STATES[state].terminal;
  return verdict({ state, terminal, exit: parseExitCode(exit), scriptExit: null }, policy, 'retry');
}

t.test('each terminal state does what the policy says of it, and nothing else', async (t) => {
  for (const state of TERMINAL) {
    for (const action of ACTIONS) {
      const policy = { states: { [state]: action }, exitCodes: [] };
      t.equal(
        judge(state, '1:0', policy),
        state === 'COMPLETED' ? 'completed' : action,
        `${state}: ${action}`,
      );
    }
    const silent = judge(state, '1:0', { states: {}, exitCodes: [] });
    t.equal(silent, state === 'COMPLETED' ? 'completed' : 'no_retry', `${state} without a rule`);
  }
});

t.test('what has not ended is unknown, whatever the policy says', async (t) => {
  const eager = Object.fromEntries(STATES.map((state) => [state, 'escalate' as Action]));
  for (const state of STATES.filter((candidate) => !JOB_STATES[candidate].terminal)) {
    t.equal(judge(state, '0:0', { states: eager, exitCodes: [[0, 'no_retry']] }), 'unknown', state);
  }
  t.equal(judge('UNKNOWN', '0:0', { states: eager, exitCodes: [] }), 'unknown');
  const exit = { code: 0, signal: 0 };
  const claimed = verdict(
    { state: 'UNKNOWN', terminal: true, exit, scriptExit: exit },
    DEFAULT_POLICY,
    'warn',
  );
  t.equal(claimed, 'unknown', 'a word that is not in the table decides nothing');
});

/** State and exit code as sacct prints them, the default policy, the verdict. */
const DEFAULTS: [JobState, string, Verdict][] = [
  ['COMPLETED', '0:0', 'completed'],
  ['OUT_OF_MEMORY', '0:125', 'escalate'],
  ['OUT_OF_MEMORY', '0:0', 'escalate'],
  ['OUT_OF_MEMORY', '1:0', 'escalate'],
  ['TIMEOUT', '0:0', 'escalate'],
  ['TIMEOUT', '0:15', 'escalate'],
  ['DEADLINE', '1:0', 'escalate'],
  ['PREEMPTED', '0:0', 'escalate'],
  ['BOOT_FAIL', '1:0', 'escalate'],
  ['NODE_FAIL', '0:0', 'escalate'],
  ['CANCELLED', '0:0', 'no_retry'],
  ['CANCELLED', '0:9', 'no_retry'],
  ['FAILED', '1:0', 'no_retry'],
  ['FAILED', '2:0', 'no_retry'],
  // 137 as sacct prints it, as scontrol prints it, and the death by SIGKILL.
  ['FAILED', '9:0', 'escalate'],
  ['FAILED', '137:0', 'escalate'],
  ['FAILED', '0:9', 'escalate'],
  // 129 as sacct prints it looks like 1.
  ['FAILED', '129:0', 'no_retry'],
  ['FAILED', '127:0', 'no_retry'],
  ['FAILED', '0:0', 'no_retry'],
  ['FAILED', '0:15', 'no_retry'],
  ['FAILED', '0:53', 'no_retry'],
];

t.test('the default policy', async (t) => {
  for (const [state, exit, expected] of DEFAULTS) {
    t.equal(judge(state, exit, DEFAULT_POLICY), expected, `${state} ${exit}`);
  }
});

/** Rules on exit codes, what sacct printed, the verdict of a FAILED task; without a rule `no_retry`. */
const EXIT_RULES: [Record<number, Action>, string, Verdict][] = [
  [{ 255: 'escalate' }, '127:0', 'escalate'],
  [{ 255: 'escalate', 127: 'retry' }, '127:0', 'retry'],
  [{ 255: 'escalate' }, '255:0', 'escalate'],
  [{ 128: 'retry' }, '0:0', 'retry'],
  [{ 128: 'retry' }, '128:0', 'retry'],
  [{ 9: 'retry', 137: 'escalate' }, '9:0', 'retry'],
  [{ 9: 'retry', 137: 'escalate' }, '0:9', 'escalate'],
  [{ 9: 'retry' }, '0:9', 'no_retry'],
  [{ 9: 'retry' }, '137:0', 'no_retry'],
  [{ 1: 'retry' }, '1:0', 'retry'],
  [{ 1: 'retry' }, '2:0', 'no_retry'],
];

t.test('rules on exit codes speak of FAILED tasks only', async (t) => {
  for (const [rules, exit, expected] of EXIT_RULES) {
    const exitCodes = Object.entries(rules).map(([code, action]) => [Number(code), action] as const);
    const policy = { states: { FAILED: 'no_retry' as const, TIMEOUT: 'escalate' as const }, exitCodes };
    t.equal(judge('FAILED', exit, policy), expected, `${JSON.stringify(rules)} ${exit}`);
    t.equal(judge('TIMEOUT', exit, policy), 'escalate', 'TIMEOUT');
    t.equal(judge('COMPLETED', exit, policy), 'completed', 'COMPLETED');
  }
});

function tasks(count: number, change: Partial<RoundTask> = {}): RoundTask[] {
  return Array.from({ length: count }, (_, index) => ({
    index,
    level: 0,
    attemptsAtLevel: 0,
    events: [],
    ...change,
  }));
}

function outcomes(...list: TaskOutcome[]): Map<number, TaskOutcome> {
  return new Map(list.map((entry) => [entry.index, entry]));
}

const POLICY: StatePolicy = {
  states: { OUT_OF_MEMORY: 'escalate', TIMEOUT: 'escalate', NODE_FAIL: 'retry', FAILED: 'no_retry' },
  exitCodes: [],
};
const LADDER = ladder({ policy: POLICY, retryLimit: 2 });
const NOW = 1_766_554_744;

const oom = (index: number) => outcome(index, { state: 'OUT_OF_MEMORY', exit: { code: 0, signal: 125 } });
const lost = (index: number, node = 'n7') => outcome(index, { state: 'NODE_FAIL', node });

/** A decision as plain lists, for comparing. */
function plain({ buckets, failures, next }: Decision) {
  const lists = Object.fromEntries(
    Object.entries(buckets)
      .filter(([, set]) => set.length > 0)
      .map(([name, set]) => [name, [...set]]),
  );
  return {
    ...lists,
    failures: failures.map(
      ({ cause, state, exit, tasks, count }) => `${cause} ${state} ${formatExitCode(exit)} ${tasks} ${count}`,
    ),
    next: next.map(({ level, indices, exclude }) => [level, [...indices], exclude]),
  };
}

t.test('buckets and groups of a mixed round', async (t) => {
  const found = outcomes(
    outcome(0),
    oom(1),
    outcome(2, { state: 'FAILED', exit: { code: 3, signal: 0 } }),
    lost(3),
    outcome(4, { state: 'TIMEOUT' }),
    outcome(5, { state: 'FAILED', exit: { code: 3, signal: 0 } }),
    outcome(6, { state: 'RUNNING', terminal: false }),
  );
  t.same(plain(decide(tasks(8), found, LADDER, 3, NOW)), {
    completed: [0],
    retrying: [1, 3, 4],
    failed: [2, 5],
    unknown: [6, 7],
    failures: ['no_retry FAILED 3:0 2,5 2'],
    next: [
      [0, [3], ['n7']],
      [1, [1, 4], []],
    ],
  });
});

t.test('at the highest level a task that would climb is exhausted', async (t) => {
  t.same(plain(decide(tasks(2, { level: 2 }), outcomes(oom(0), oom(1)), LADDER, 2, NOW)), {
    failed: [0, 1],
    failures: ['exhausted OUT_OF_MEMORY 0:125 0-1 2'],
    next: [],
  });
  t.same(plain(decide(tasks(1, { level: 1 }), outcomes(oom(0)), LADDER, 2, NOW)).next, [[2, [0], []]]);
});

t.test('retries at one level are counted, and allowed at the highest level too', async (t) => {
  for (const [attemptsAtLevel, retried] of [
    [0, true],
    [1, true],
    [2, false],
    [9, false],
  ] as const) {
    const events = Array.from({ length: attemptsAtLevel }, () => ({
      state: 'NODE_FAIL' as const,
      level: 2,
      at: NOW,
    }));
    const task = { level: 2, attemptsAtLevel, events };
    const decision = decide(tasks(1, task), outcomes(lost(0)), LADDER, 2, NOW);
    t.same(decision.next.length === 1, retried, `after ${attemptsAtLevel} earlier attempts`);
    if (!retried) t.same(plain(decision).failures, ['retry_limit NODE_FAIL 0:0 0 1']);
  }
  const none = decide(tasks(1), outcomes(lost(0)), { ...LADDER, retryLimit: 0 }, 2, NOW);
  t.equal(none.failures[0]?.cause, 'retry_limit');
});

t.test('tasks that retry at a level stay apart from those that climb to it', async (t) => {
  const round = [
    { index: 0, level: 0, attemptsAtLevel: 0, events: [] },
    { index: 1, level: 1, attemptsAtLevel: 0, events: [] },
    { index: 2, level: 1, attemptsAtLevel: 0, events: [] },
    { index: 3, level: 1, attemptsAtLevel: 0, events: [] },
  ];
  const found = outcomes(oom(0), lost(1, 'n9'), lost(2, 'n2'), lost(3, 'n9'));
  t.same(plain(decide(round, found, LADDER, 3, NOW)).next, [
    [1, [0], []],
    [1, [1, 2, 3], ['n2', 'n9']],
  ]);
});

t.test('a task that failed before it had a node avoids none', async (t) => {
  const found = outcomes(outcome(0, { state: 'NODE_FAIL', node: null }));
  t.same(plain(decide(tasks(1), found, LADDER, 3, NOW)).next, [[0, [0], []]]);
});

t.test('a round without tasks decides nothing', async (t) => {
  t.same(plain(decide([], new Map(), LADDER, 3, NOW)), { failures: [], next: [] });
});

const anyOutcome = fc.record({
  state: fc.constantFrom(...STATES, 'UNKNOWN' as const),
  exit: fc.record({ code: fc.integer({ min: 0, max: 255 }), signal: fc.constantFrom(0, 0, 9, 15, 125) }),
  node: fc.constantFrom('n1', 'n2', null),
});

const anyPolicy: fc.Arbitrary<StatePolicy> = fc.record({
  states: fc.dictionary(fc.constantFrom(...TERMINAL), fc.constantFrom(...ACTIONS)),
  exitCodes: fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...ACTIONS))),
});

const anyRound = fc.uniqueArray(
  fc.record({
    index: fc.nat(500),
    level: fc.nat(3),
    attemptsAtLevel: fc.nat(3),
    events: fc.constant([]),
    found: fc.option(anyOutcome),
  }),
  { selector: ({ index }) => index },
);

t.test('whatever happened, each index is in one bucket, and what retries runs again once', async () => {
  fc.assert(
    fc.property(anyRound, anyPolicy, fc.nat(3), fc.nat(3), (entries, policy, retryLimit, maxLevel) => {
      const found = new Map<number, TaskOutcome>();
      for (const { index, found: ended } of entries) {
        if (ended === null) continue;
        const terminal = ended.state !== 'UNKNOWN' && JOB_STATES[ended.state].terminal;
        found.set(index, outcome(index, { ...ended, terminal }));
      }
      const { buckets, next, failures } = decide(
        entries,
        found,
        ladder({ policy, retryLimit }),
        maxLevel,
        NOW,
      );
      const indices = indexSet(entries.map(({ index }) => index));
      const again = next.reduce((sum, group) => sum + group.indices.length, 0);
      return (
        conservationViolation(indices, buckets) === null &&
        again === buckets.retrying.length &&
        String(union(next.map((group) => group.indices))) === String(buckets.retrying) &&
        failures.reduce((sum, group) => sum + group.count, 0) === buckets.failed.length &&
        next.every((group) => group.indices.length > 0) &&
        next.every(({ level }) => level <= Math.max(maxLevel, ...entries.map((entry) => entry.level))) &&
        [...buckets.completed].every((index) => found.get(index)?.state === 'COMPLETED')
      );
    }),
  );
});

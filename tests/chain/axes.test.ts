import fc from 'fast-check';
import t from 'tap';
import { climb, type Dimension, inReach, type LadderAxes, levelAt, rungsOf } from '../../lib/chain/axes.js';
import type { TaskOutcome } from '../../lib/chain/checkpoint.js';
import { conservationViolation } from '../../lib/chain/conservation.js';
import { decide, type RoundTask } from '../../lib/chain/decide.js';
import { failedDimension } from '../../lib/chain/failed-dimension.js';
import { indexSet, union } from '../../lib/chain/index-set.js';
import { ACTIONS, DEFAULT_POLICY, type StatePolicy } from '../../lib/chain/ladder.js';
import { parseExitCode } from '../../lib/slurm/exit-code.js';
import { JOB_STATES, type JobState } from '../../lib/slurm/job-state.js';
import { ladder, outcome } from './plain-chain.js';

fc.configureGlobal({ seed: 20251224 });

const NOW = 1_766_554_744;

/** Levels 0 to 5: memory 0, 0, 1, 1, 2, 2 and time 0, 1, 0, 1, 0, 1. */
const AXES: LadderAxes = { mem: 3, time: 2, partitions: null };

/** From level, what was short, the highest rung, and where it goes. */
const CLIMBS: [number, Dimension, number, number | null][] = [
  [0, 'mem', 2, 2],
  [0, 'time', 2, 1],
  [1, 'mem', 2, 3],
  [1, 'time', 2, null],
  [2, 'mem', 2, 4],
  [3, 'time', 2, null],
  [4, 'mem', 2, null],
  [4, 'time', 2, 5],
  [5, 'mem', 9, null],
  [2, 'mem', 1, null],
  [2, 'time', 1, 3],
  [0, 'time', 0, null],
];

t.test('one rung up on the axis that failed', async (t) => {
  for (const [level, dimension, maxLevel, above] of CLIMBS)
    t.equal(climb(AXES, level, dimension, maxLevel), above, `${dimension} at ${level}, up to ${maxLevel}`);
});

t.test('joint levels have one dimension', async (t) => {
  for (const dimension of ['mem', 'time'] as const) {
    t.equal(climb(null, 1, dimension, 2), 2);
    t.equal(climb(null, 2, dimension, 2), null);
  }
});

t.test('what a chain can reach', async (t) => {
  const reached = (axes: LadderAxes | null, startLevel: number, maxLevel: number) =>
    [0, 1, 2, 3, 4, 5].filter((level) => inReach(axes, { startLevel, maxLevel }, level));
  t.strictSame(reached(AXES, 0, 2), [0, 1, 2, 3, 4, 5]);
  t.strictSame(reached(AXES, 2, 2), [2, 3, 4, 5], 'from the second memory on');
  t.strictSame(reached(AXES, 0, 1), [0, 1, 2, 3], 'no axis above rung 1');
  t.strictSame(reached(AXES, 0, 0), [0]);
  t.strictSame(reached(AXES, 4, 1), []);
  t.strictSame(reached(null, 1, 3), [1, 2, 3]);
});

/** State and exit as sacct prints it, further rules on exit codes, and what was short. */
const SHORT: [JobState, string, StatePolicy['exitCodes'], Dimension | null][] = [
  ['OUT_OF_MEMORY', '0:125', [], 'mem'],
  ['TIMEOUT', '0:0', [], 'time'],
  ['DEADLINE', '1:0', [], 'time'],
  ['NODE_FAIL', '0:0', [], null],
  ['PREEMPTED', '0:0', [], null],
  ['BOOT_FAIL', '1:0', [], null],
  ['CANCELLED', '0:15', [], null],
  // 137 as sacct prints it, as scontrol prints it, and the death by SIGKILL.
  ['FAILED', '9:0', [], 'mem'],
  ['FAILED', '137:0', [], 'mem'],
  ['FAILED', '0:9', [], 'mem'],
  ['FAILED', '75:0', [[75, 'escalate']], null],
  ['FAILED', '75:0', [], null],
  // A rule on 9 is what the person means by `9:0`.
  ['FAILED', '9:0', [[9, 'escalate']], null],
  ['FAILED', '0:9', [[9, 'escalate']], 'mem'],
];

t.test('what an end says of resources', async (t) => {
  for (const [state, exit, rules, dimension] of SHORT) {
    const policy = { states: {}, exitCodes: [...DEFAULT_POLICY.exitCodes, ...rules] };
    const ended = { state, exit: parseExitCode(exit) };
    t.equal(failedDimension(ended, policy), dimension, `${state} ${exit}, ${rules.length} rules`);
  }
});

const task = (index: number, level: number, change: Partial<RoundTask> = {}): RoundTask => ({
  index,
  level,
  attemptsAtLevel: 0,
  events: [],
  ...change,
});

t.test('a round on axes', async (t) => {
  const found = [
    outcome(0, { state: 'OUT_OF_MEMORY' }),
    outcome(1, { state: 'TIMEOUT' }),
    outcome(2, { state: 'NODE_FAIL', node: 'n7' }),
    outcome(3, { state: 'OUT_OF_MEMORY' }),
    outcome(4, { state: 'TIMEOUT' }),
    outcome(5, { state: 'NODE_FAIL', node: 'n7' }),
  ];
  const tasks = [
    ...[task(0, 1), task(1, 0), task(2, 1), task(3, 4), task(4, 4)],
    task(5, 0, {
      attemptsAtLevel: 2,
      events: [0, 1].map(() => ({ state: 'NODE_FAIL', level: 0, at: NOW })),
    }),
  ];
  const rules = ladder({ axes: AXES, retryLimit: 2 });
  const { next, failures, retries } = decide(
    tasks,
    new Map(found.map((ended) => [ended.index, ended])),
    rules,
    2,
    NOW,
  );
  t.strictSame(
    next.map(({ level, indices, exclude }) => [level, [...indices], exclude]),
    [
      [1, [1], []],
      [1, [2], ['n7']],
      [3, [0], []],
      [5, [4], []],
    ],
  );
  t.strictSame(
    failures.map(({ cause, tasks: indices }) => [cause, indices]),
    [
      ['exhausted', '3'],
      ['retry_limit', '5'],
    ],
  );
  t.strictSame(retries, [{ state: 'NODE_FAIL', level: 1, tasks: '2', count: 1 }]);
});

const axes = fc.record({
  mem: fc.integer({ min: 1, max: 6 }),
  time: fc.integer({ min: 1, max: 6 }),
  partitions: fc.constant(null),
});

t.test('a level is its rungs', async () => {
  fc.assert(
    fc.property(axes, fc.nat(35), (shape, number) => {
      const level = number % (shape.mem * shape.time);
      const { mem, time } = rungsOf(shape, level);
      return mem < shape.mem && time < shape.time && levelAt(shape, { mem, time }) === level;
    }),
  );
});

const TERMINAL = (Object.keys(JOB_STATES) as JobState[]).filter((state) => JOB_STATES[state].terminal);

const policy: fc.Arbitrary<StatePolicy> = fc.record({
  states: fc.dictionary(fc.constantFrom(...TERMINAL), fc.constantFrom(...ACTIONS)),
  exitCodes: fc.array(fc.tuple(fc.constantFrom(1, 9, 75, 137), fc.constantFrom(...ACTIONS))),
});

const ending = fc.record({
  state: fc.constantFrom(...TERMINAL),
  exit: fc.record({ code: fc.constantFrom(0, 1, 9, 75, 137), signal: fc.constantFrom(0, 0, 9, 125) }),
});

t.test('a task never asks for more of what did not fail, and every chain on axes ends', async () => {
  fc.assert(
    fc.property(
      ...([axes, policy, fc.nat(3), fc.nat(7), fc.infiniteStream(ending)] as const),
      (shape, rules, retryLimit, maxLevel, endings) => {
        const pure = ladder({ axes: shape, policy: rules, retryLimit });
        let tasks = [0, 1, 2].map((index) => task(index, 0));
        const longest = (shape.mem + shape.time) * (4 * retryLimit + 1) + 1;
        for (let round = 1; tasks.length > 0; round += 1) {
          if (round > longest) return false;
          const found = new Map(tasks.map(({ index }) => [index, outcome(index, endings.next().value)]));
          const again = nextTasks(tasks, found, pure, maxLevel);
          if (again === null) return false;
          tasks = again;
        }
        return true;
      },
    ),
    { numRuns: 300 },
  );
});

/** The tasks of the next round with their histories; null when a rule is broken. */
function nextTasks(
  tasks: readonly RoundTask[],
  found: ReadonlyMap<number, TaskOutcome>,
  rules: ReturnType<typeof ladder>,
  maxLevel: number,
): RoundTask[] | null {
  const { buckets, next, retries } = decide(tasks, found, rules, maxLevel, NOW);
  const conserved = conservationViolation(indexSet(tasks.map(({ index }) => index)), buckets) === null;
  const handedOn = String(union(next.map(({ indices }) => indices))) === String(buckets.retrying);
  if (!conserved || !handedOn) return null;
  const again: RoundTask[] = [];
  for (const { level, indices } of next) {
    for (const index of indices) {
      const before = tasks.find((candidate) => candidate.index === index);
      const ended = found.get(index);
      if (before === undefined || ended === undefined || rules.axes === null) return null;
      if (!isJustified(rules.axes, before.level, level, failedDimension(ended, rules.policy))) return null;
      const event = retries.find((group) => group.tasks.split(/[,-]/).includes(String(index)));
      const events = event === undefined ? [] : [{ state: event.state, level, at: NOW }];
      const attemptsAtLevel = level === before.level ? before.attemptsAtLevel + 1 : 0;
      again.push({ index, level, attemptsAtLevel, events: [...before.events, ...events] });
    }
  }
  return again;
}

/** The same rungs, or exactly one more of the dimension that failed. */
function isJustified(shape: LadderAxes, from: number, to: number, failed: Dimension | null): boolean {
  const [before, after] = [rungsOf(shape, from), rungsOf(shape, to)];
  return (['mem', 'time'] as const).every((dimension) => {
    const rise = after[dimension] - before[dimension];
    return rise === 0 || (rise === 1 && dimension === failed);
  });
}

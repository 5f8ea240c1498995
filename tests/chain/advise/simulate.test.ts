import fc from 'fast-check';
import t from 'tap';
import { simulate, type TaskEnd } from '../../../lib/chain/advise/simulate.js';
import type { TaskNeed } from '../../../lib/chain/advise/task-need.js';
import { trial } from '../../../lib/chain/advise/trial.js';
import type { TaskOutcome } from '../../../lib/chain/checkpoint.js';
import { decide, type RoundTask } from '../../../lib/chain/decide.js';
import { ACTIONS, type Level, type StatePolicy } from '../../../lib/chain/ladder.js';
import { expand, parseArraySpec } from '../../../lib/slurm/array-spec.js';
import type { JobState } from '../../../lib/slurm/job-state.js';
import { ladder, level, outcome } from '../plain-chain.js';
import { anyNeeds, need } from './plain-need.js';

fc.configureGlobal({ seed: 20251224 });

const GIGABYTE = 2 ** 30;

const known = (atLeast: number) => ({ atLeast, known: true });
const beyond = (atLeast: number) => ({ atLeast, known: false });

/** A need, a rung of memory and time, how the attempt ends and after how long. */
const TRIALS: [Partial<TaskNeed>, [number, number], string, number][] = [
  [{ memory: known(4), time: known(10) }, [4, 10], 'completed', 10],
  [{ memory: known(5), time: known(10) }, [4, 10], 'out_of_memory', 10],
  [{ memory: known(5), time: known(90) }, [4, 10], 'out_of_memory', 10],
  [{ memory: known(5), time: known(10), outOfMemory: [{ mem: 4, after: 3 }] }, [4, 10], 'out_of_memory', 3],
  [{ memory: known(5), time: known(10), outOfMemory: [{ mem: 3, after: 3 }] }, [4, 10], 'out_of_memory', 10],
  [{ memory: known(4), time: known(11) }, [4, 10], 'timeout', 10],
  [{ memory: known(4), time: known(10), succeeds: false }, [4, 10], 'failed', 10],
  [{ memory: beyond(4), time: known(10) }, [4, 10], 'out_of_memory', 10],
  [{ memory: beyond(4), time: known(10) }, [5, 10], 'undetermined', 10],
  [{ memory: beyond(4), time: known(10) }, [Number.POSITIVE_INFINITY, 10], 'completed', 10],
  [{ memory: known(4), time: beyond(10) }, [4, 10], 'timeout', 10],
  [{ memory: known(4), time: beyond(10) }, [4, 20], 'undetermined', 10],
  [{ memory: beyond(4), time: beyond(10) }, [5, 10], 'timeout', 10],
];

t.test('an attempt at a rung', async (t) => {
  for (const [asks, [mem, time], end, elapsed] of TRIALS) {
    t.same(trial(need(0, asks), { mem, time }), { end, elapsed }, JSON.stringify([asks, mem, time]));
  }
});

t.test('what a ladder costs', async (t) => {
  const needs = [
    need(0, { time: known(36) }),
    need(1, {
      memory: known(3 * GIGABYTE),
      time: known(36),
      outOfMemory: [{ mem: GIGABYTE, after: 18 }],
      cpus: 2,
    }),
    need(2, { time: known(360) }),
    need(3, { succeeds: false, time: known(36) }),
  ];
  const result = simulate(needs, ladder(), { startLevel: 0, maxLevel: 1, slots: null });
  t.match(result.levels, [
    { level: 0, attempts: 4, completed: 1, outOfMemory: 1, timeout: 1, failed: 1, undetermined: 0 },
    { level: 1, attempts: 2, completed: 1, timeout: 1 },
  ]);
  const [first, second] = result.levels;
  t.equal(first?.coreHours.toFixed(6), ((36 + 2 * 18 + 60 + 36) / 3600).toFixed(6));
  t.equal(first?.gbHours.toFixed(6), ((36 + 18 + 60 + 36) / 3600).toFixed(6));
  t.equal(second?.gbHours.toFixed(6), ((4 * (36 + 120)) / 3600).toFixed(6));
  t.equal(result.total.attempts, 6);
  t.same([result.wall, result.rounds], [60 + 120, 2]);
  t.same(
    Object.entries(result.ends).map(([end, indices]) => [end, [...indices]]),
    [
      ['completed', [0, 1]],
      ['failed', [3]],
      ['exhausted', [2]],
      ['undetermined', []],
    ],
  );
  t.equal(
    simulate(needs, ladder(), { startLevel: 0, maxLevel: 1, slots: 1 }).wall,
    36 + 18 + 60 + 36 + 36 + 120,
  );
  t.match(simulate(needs, ladder(), { startLevel: 1, maxLevel: 1, slots: null }).levels, [
    { level: 1, attempts: 4 },
  ]);
});

t.test('memory without a size costs nothing that could be named', async (t) => {
  const whole = ladder({ levels: [level({ mem: 0 }), level()] });
  const result = simulate([need(0)], whole, { startLevel: 0, maxLevel: 1, slots: null });
  t.match(result.total, { completed: 1, gbHours: 0 });
});

/** How Slurm would answer, told apart from `trial`: by the definition of what a need is. */
function answer({ index, memory, time, succeeds }: TaskNeed, { mem, time: limit }: Level): TaskOutcome {
  const lacks = (amount: TaskNeed['memory'], offered: number) =>
    amount.known ? amount.atLeast > offered : amount.atLeast >= offered;
  const state = ((): JobState | 'UNKNOWN' => {
    if (lacks(memory, mem ?? 0)) return 'OUT_OF_MEMORY';
    if (lacks(time, limit ?? 0)) return 'TIMEOUT';
    if (!memory.known || !time.known) return 'UNKNOWN';
    return succeeds ? 'COMPLETED' : 'FAILED';
  })();
  const exit = { code: state === 'FAILED' ? 1 : 0, signal: 0 };
  return outcome(index, { state, exit, terminal: state !== 'UNKNOWN' });
}

interface Played {
  attempts: Record<number, number>;
  ends: Record<TaskEnd, number[]>;
}

/** Runs decide() round after round, as handlers do. */
function play(
  needs: readonly TaskNeed[],
  chain: { levels: readonly Level[]; policy: StatePolicy; retryLimit: number },
  range: { startLevel: number; maxLevel: number },
): Played {
  const played: Played = {
    attempts: {},
    ends: { completed: [], failed: [], exhausted: [], undetermined: [] },
  };
  const before = new Map<string, number>();
  let tasks: RoundTask[] = needs.map(({ index }) => ({
    index,
    level: range.startLevel,
    attemptsAtLevel: 0,
    events: [],
  }));
  while (tasks.length > 0) {
    const outcomes = new Map<number, TaskOutcome>();
    for (const task of tasks) {
      const [asked, of] = [chain.levels[task.level], needs[task.index]];
      if (asked === undefined || of === undefined) throw new Error('no such level or task');
      outcomes.set(task.index, answer(of, asked));
      played.attempts[task.level] = (played.attempts[task.level] ?? 0) + 1;
      const key = `${task.index} ${task.level}`;
      before.set(key, (before.get(key) ?? 0) + 1);
    }
    const decision = decide(
      tasks,
      outcomes,
      { ...chain, axes: null, retryBudgets: {}, oomExit0: 'retry' },
      range.maxLevel,
      0,
    );
    played.ends.completed.push(...decision.buckets.completed);
    played.ends.undetermined.push(...decision.buckets.unknown);
    for (const { cause, tasks: spec } of decision.failures) {
      played.ends[cause === 'exhausted' ? 'exhausted' : 'failed'].push(...expand(parseArraySpec(spec)));
    }
    tasks = decision.next.flatMap((group) =>
      [...group.indices].map((index) => ({
        index,
        level: group.level,
        attemptsAtLevel: before.get(`${index} ${group.level}`) ?? 0,
        events: [],
      })),
    );
  }
  for (const ended of Object.values(played.ends)) ended.sort((a, b) => a - b);
  return played;
}

const anyLadder = fc.record({
  levels: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { minLength: 1, maxLength: 5 }).map((growth) => {
    const sums = { mem: 1, time: 1 };
    return growth.map(([mem, time]) => {
      sums.mem += mem;
      sums.time += time;
      return level({ ...sums });
    });
  }),
  policy: fc
    .record({
      OUT_OF_MEMORY: fc.constantFrom(...ACTIONS),
      TIMEOUT: fc.constantFrom(...ACTIONS),
      FAILED: fc.constantFrom(...ACTIONS),
    })
    .map((states) => ({ states, exitCodes: [] })),
  retryLimit: fc.nat(2),
});

t.test('agrees with decide, round after round', async () => {
  fc.assert(
    fc.property(
      anyNeeds({ known: false, largest: 10, most: 12 }),
      anyLadder,
      fc.nat(4),
      fc.nat(4),
      (needs, chain, from, span) => {
        const top = chain.levels.length - 1;
        const startLevel = Math.min(from, top);
        const range = { startLevel, maxLevel: Math.min(startLevel + span, top) };
        const played = play(needs, chain, range);
        const simulation = simulate(needs, chain, { ...range, slots: null });
        for (const { level, attempts } of simulation.levels) {
          if (attempts !== (played.attempts[level] ?? 0)) return false;
        }
        const ends = Object.entries(simulation.ends) as [TaskEnd, Uint32Array][];
        return ends.every(([end, indices]) => String([...indices]) === String(played.ends[end]));
      },
    ),
    { numRuns: 1000 },
  );
});

t.test('every attempt and every task is counted once', async () => {
  fc.assert(
    fc.property(anyNeeds({ known: false, largest: 10, most: 12 }), anyLadder, (needs, chain) => {
      const range = { startLevel: 0, maxLevel: chain.levels.length - 1, slots: null };
      const { levels, total, ends } = simulate(needs, chain, range);
      const counted = Object.values(ends).reduce((sum, indices) => sum + indices.length, 0);
      const split = ({ attempts, completed, outOfMemory, timeout, failed, undetermined }: typeof total) =>
        attempts === completed + outOfMemory + timeout + failed + undetermined;
      return counted === needs.length && levels.every(split) && split(total);
    }),
  );
});

import t from 'tap';
import { roundTasks } from '../../lib/chain/conclude-round.js';
import { decide } from '../../lib/chain/decide.js';
import { DEFAULT_POLICY, type Ladder } from '../../lib/chain/ladder.js';
import { parseLadder } from '../../lib/chain/ladder-file.js';
import {
  budgetOf,
  describeBudget,
  type RetryEvent,
  type RetryRules,
  spentBudget,
} from '../../lib/chain/retry-budget.js';
import { retryRows, toldFailures } from '../../lib/chain/retry-status.js';
import { checkpoint, ladder, outcome, round, roundJob } from './plain-chain.js';

const START = 1_766_554_744;
const HOUR = 3600;

const RULES: RetryRules = {
  retryLimit: 2,
  retryBudgets: { PREEMPTED: { count: 3, duration: 4 * HOUR }, TIMEOUT: { count: 1, duration: null } },
};

const event = (state: RetryEvent['state'], level: number, hours: number): RetryEvent => ({
  state,
  level,
  at: START + hours * HOUR,
});

/** What it did before at level 0 and elsewhere, how and when it ends now, and what is used up. */
const SPENT: [
  what: string,
  attemptsAtLevel: number,
  events: RetryEvent[],
  state: RetryEvent['state'],
  hours: number | null,
  spent: ReturnType<typeof spentBudget>,
][] = [
  ['first preemption', 0, [], 'PREEMPTED', 9, null],
  ['third preemption', 2, [0, 1].map((at) => event('PREEMPTED', 0, at)), 'PREEMPTED', 2, null],
  ['fourth preemption', 3, [0, 1, 2].map((at) => event('PREEMPTED', 0, at)), 'PREEMPTED', 3, 'retry_limit'],
  ['just in time', 1, [event('PREEMPTED', 0, 0)], 'PREEMPTED', 4, null],
  ['too late', 1, [event('PREEMPTED', 0, 0)], 'PREEMPTED', 4.01, 'retry_duration'],
  [
    'since the first, not the last',
    2,
    [0, 3].map((at) => event('PREEMPTED', 0, at)),
    'PREEMPTED',
    5,
    'retry_duration',
  ],
  ['time counts over all levels', 0, [event('PREEMPTED', 1, 0)], 'PREEMPTED', 5, 'retry_duration'],
  ['times count at one', 0, [0, 1, 2].map((at) => event('PREEMPTED', 1, at)), 'PREEMPTED', 3, null],
  [
    'without an end the clock counts: now is 10',
    1,
    [event('PREEMPTED', 0, 0)],
    'PREEMPTED',
    null,
    'retry_duration',
  ],
  [
    'lost nodes do not count for preemption',
    2,
    [0, 1].map((at) => event('NODE_FAIL', 0, at)),
    'PREEMPTED',
    2,
    null,
  ],
  [
    'nor preemption for lost nodes',
    3,
    [0, 1, 2].map((at) => event('PREEMPTED', 0, at)),
    'NODE_FAIL',
    3,
    null,
  ],
  [
    'lost nodes have the default',
    2,
    [0, 1].map((at) => event('NODE_FAIL', 0, at)),
    'NODE_FAIL',
    2,
    'retry_limit',
  ],
  ['nor either for failures', 3, [0, 1, 2].map((at) => event('PREEMPTED', 0, at)), 'FAILED', 3, null],
  ['failures have the default', 2, [], 'FAILED', 2, 'retry_limit'],
  ['beside preemptions', 5, [0, 1, 2].map((at) => event('PREEMPTED', 0, at)), 'FAILED', 3, 'retry_limit'],
  ['any state can have a budget', 1, [event('TIMEOUT', 0, 0)], 'TIMEOUT', 1, 'retry_limit'],
];

t.test('count and duration, by kind of event', async (t) => {
  for (const [what, attemptsAtLevel, events, state, hours, spent] of SPENT) {
    const end = hours === null ? null : START + hours * HOUR;
    const found = spentBudget(
      { level: 0, attemptsAtLevel, events },
      { state, end },
      RULES,
      START + 10 * HOUR,
    );
    t.equal(found, spent, what);
  }
});

t.test('budgets in words', async (t) => {
  t.equal(describeBudget(budgetOf('PREEMPTED', RULES)), 'at most 3 times at one level, for 04:00:00');
  t.equal(describeBudget(budgetOf('TIMEOUT', RULES)), 'at most 1 time at one level');
  t.equal(describeBudget(budgetOf('UNKNOWN', RULES)), 'at most 2 times at one level');
});

t.test('a ladder file with budgets', async (t) => {
  const { policy, retryBudgets } = parseLadder(
    `levels: [{mem: 1G}]
retry_limit: 5
retry:
  PREEMPTED: {count: 10, duration: "4:00:00"}
  NODE_FAIL: {count: 3}
  BOOT_FAIL: {duration: UNLIMITED}
  TIMEOUT: {duration: 90}
state_handling: {NODE_FAIL: escalate}
`,
    'x',
  );
  t.strictSame(retryBudgets, {
    PREEMPTED: { count: 10, duration: 4 * HOUR },
    NODE_FAIL: { count: 3, duration: null },
    BOOT_FAIL: { count: 5, duration: null },
    TIMEOUT: { count: 5, duration: 90 * 60 },
  });
  const { PREEMPTED, BOOT_FAIL, TIMEOUT, NODE_FAIL, OUT_OF_MEMORY } = policy.states;
  t.strictSame([PREEMPTED, BOOT_FAIL, TIMEOUT], ['retry', 'retry', 'retry'], 'a budget means retry');
  t.equal(NODE_FAIL, 'escalate', 'state_handling has the last word');
  t.equal(OUT_OF_MEMORY, DEFAULT_POLICY.states.OUT_OF_MEMORY);
});

/** Decides rounds in which task 0 is preempted each time, an hour apart, until nothing is left to do. */
function preemptedChain(retryBudgets: Ladder['retryBudgets']) {
  const policy = { states: { PREEMPTED: 'retry' as const }, exitCodes: [] };
  const chain = checkpoint({ ladder: ladder({ policy, retryBudgets }), rounds: [] });
  for (let number = 1; number < 20; number += 1) {
    const now = START + number * HOUR;
    const current = round([roundJob({ array: '0', count: 1 })], { number });
    chain.rounds.push(current);
    const ended = outcome(0, { state: 'PREEMPTED', end: now });
    const { next, failures, retries } = decide(
      roundTasks(chain, current),
      new Map([[0, ended]]),
      chain.ladder,
      1,
      now,
    );
    const buckets = { completed: '', retrying: '', failed: '', unknown: '' };
    current.result = {
      finishedAt: now,
      states: {},
      buckets,
      failures,
      retries,
      warned: '',
      coreSeconds: 0,
      capped: null,
    };
    if (next.length === 0) return chain;
  }
  throw new Error('never ends');
}

t.test('over rounds', async (t) => {
  for (const [budget, rounds, cause] of [
    [{ count: 3, duration: null }, 4, 'retry_limit'],
    [{ count: 10, duration: 4 * HOUR }, 6, 'retry_duration'],
    [{ count: 0, duration: null }, 1, 'retry_limit'],
  ] as const) {
    const chain = preemptedChain({ PREEMPTED: budget });
    t.equal(chain.rounds.length, rounds, describeBudget(budget));
    const failures = chain.rounds.flatMap(({ number, result }) =>
      toldFailures(chain, number, result?.failures ?? []),
    );
    t.match(failures, [{ cause, state: 'PREEMPTED', tasks: '0', budget }]);
    const retried = rounds - 1;
    t.strictSame(retryRows(chain), retried === 0 ? [] : [{ state: 'PREEMPTED', count: retried, budget }]);
  }
});

import t from 'tap';
import type { LevelStatus } from '../../lib/chain/level-status.js';
import type { ChainStatus, RoundStatus } from '../../lib/chain/status.js';
import { renderList } from '../../lib/cli/mem-escalate/list-view.js';
import { renderStatus, summaryLine } from '../../lib/cli/mem-escalate/status-view.js';
import { renderTask } from '../../lib/cli/mem-escalate/task-view.js';

process.env.TZ = 'UTC';

const START = 1_766_554_744;
const GIGABYTE = 2 ** 30;
const PLAIN = { columns: 80, colour: false, unicode: true };

function level(change: Partial<LevelStatus>): LevelStatus {
  const counts = { completed: 0, running: 0, pending: 0, retrying: 0, failed: 0, unknown: 0, escalated: 0 };
  return {
    level: 0,
    rungs: null,
    partition: 'devel,day',
    mem: GIGABYTE,
    time: 60,
    tasks: 0,
    ...counts,
    ...change,
  };
}

function round(change: Partial<RoundStatus>): RoundStatus {
  const counts = { completed: 0, retrying: 0, failed: 0, unknown: 0 };
  return {
    ...{ round: 1, phase: 'finished', levels: [0], jobs: ['50069'], handlers: ['50070', '50071'], tasks: 64 },
    ...{ states: {}, ...counts, startedAt: START, finishedAt: START + 90, ...change },
  };
}

const ACTIVE: ChainStatus = {
  chain: '20251224-053904-t0l3',
  state: 'ACTIVE',
  reason: null,
  ended: false,
  needsResume: false,
  created: START,
  updated: START + 95,
  elapsed: 754,
  user: 'ana',
  script: { path: '/data/jobs/variable-job.sh', changed: true },
  tasks: 64,
  counts: { completed: 12, running: 9, pending: 3, retrying: 0, failed: 40, unknown: 0 },
  levels: [
    level({ tasks: 64, completed: 12, escalated: 12, failed: 40 }),
    level({ level: 1, partition: 'week', mem: 4 * GIGABYTE, time: 120, tasks: 12, running: 9, pending: 3 }),
    level({ level: 2, partition: null, mem: 0, time: 'UNLIMITED' }),
  ],
  rounds: [
    round({
      states: { COMPLETED: 12, TIMEOUT: 9, OUT_OF_MEMORY: 3, FAILED: 38, CANCELLED: 2 },
      ...{ completed: 12, retrying: 12, failed: 40 },
    }),
    round({
      ...{ round: 2, phase: 'running', levels: [1], jobs: ['50101'], handlers: ['50102'], tasks: 12 },
      ...{ states: { RUNNING: 9, PENDING: 3 }, finishedAt: null },
    }),
  ],
  failures: [
    {
      round: 1,
      cause: 'no_retry',
      state: 'FAILED',
      exit: { code: 1, signal: 0 },
      tasks: '0-37',
      count: 38,
      budget: null,
    },
    {
      round: 1,
      cause: 'no_retry',
      state: 'CANCELLED',
      exit: { code: 0, signal: 15 },
      tasks: '40,41',
      count: 2,
      budget: null,
    },
  ],
  caps: [],
  excludedNodes: [],
  retries: [],
  warned: [],
  eta: 200,
  live: { at: START + 750, accounting: true, pendingReasons: { Resources: 3 }, handlers: 1 },
  note: null,
  events: [
    { at: START, round: 1, kind: 'created', text: '64 tasks, 3 levels' },
    {
      at: START + 90,
      round: 1,
      kind: 'decided',
      text: 'completed: 12 tasks; escalating: 12 tasks (OOM: 3, TIMEOUT: 9)',
    },
  ],
};

const GOLDEN = `\
Chain 20251224-053904-t0l3  ACTIVE  this round ends in about 00:03:20
script /data/jobs/variable-job.sh
submitted 2025-12-24 05:39:04, 00:12:34 ago

the script has changed or is gone; retries run the copy kept at submission

64 tasks: 12 COMPLETED  9 RUNNING  3 PENDING  40 FAILED
pending for: Resources 3

level 0 devel,day 1G 00:01:00  ████████▒▒▒▒▒▒▒×××××××××××××××××××××××××  12/64
level 1 week 4G 00:02:00       ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓░░░░░░░░░░  0/12
level 2 all memory UNLIMITED
█ completed  ▒ escalated  × failed  ▓ running  ░ pending

Round  Level  Job    Tasks  Done  OOM  Timeout  Other  Again  Failed  Phase
    1      0  50069     64    12    3        9     40     12      40  finished
    2      1  50101     12     0    0        0      0      0       0  running

Not run again: 40 tasks
  38 FAILED exit 1:0, not retried by the policy (round 1): 0-37
  2 CANCELLED exit 0:15, not retried by the policy (round 1): 40,41

Last events
  12-24 05:39:04  round 1 created  64 tasks, 3 levels
  12-24 05:40:34  round 1 decided  completed: 12 tasks; escalating: 12 tasks ...
`;

t.test('the whole picture at 80 columns', async (t) => {
  t.equal(renderStatus(ACTIVE, PLAIN), GOLDEN);
});

t.test('never wider than the terminal, with colour or without', async (t) => {
  const many = Array.from({ length: 40 }, (_, code) => ({
    ...{ round: 1, cause: 'exhausted' as const, state: 'FAILED' as const, exit: { code, signal: 0 } },
    ...{ tasks: `${code}-4000:${code + 2}`.repeat(30), count: 50, budget: null },
  }));
  const wide: ChainStatus = {
    ...ACTIVE,
    script: { path: `/data/${'long/'.repeat(40)}job\n\u001b[31m.sh`, changed: false },
    failures: many,
    note: 'the queue cannot be read: '.repeat(9),
    reason: 'sbatch: error: Batch job submission failed: '.repeat(9),
  };
  for (const columns of [80, 100, 132]) {
    const text = renderStatus(wide, { ...PLAIN, columns });
    const longest = Math.max(...text.split('\n').map((line) => line.length));
    t.ok(longest <= columns, `${longest} of ${columns}`);
    t.notMatch(text, '\u001b', 'control characters of file names do not reach the terminal');
  }
  t.match(renderStatus(ACTIVE, { ...PLAIN, colour: true }), '\u001b[32m');
});

t.test('ASCII where the terminal knows no block characters', async (t) => {
  const text = renderStatus(ACTIVE, { ...PLAIN, unicode: false });
  t.match(text, /^[\n\x20-\x7e]+$/);
  t.match(text, '# completed');
});

t.test('what was used of what a chain may use, and the nodes that it avoids', async (t) => {
  const reason = '5 of 5 tasks failed within 10 s, none completed';
  const excludedNodes = [
    { node: 'n3', since: START, until: 4e9, reason },
    { node: 'n\n4', since: START, until: START + 60, reason },
  ];
  const allowed = { attempts: 90, coreHours: 500, wallTime: 86_400 };
  const used = { attempts: 76, coreHours: 12.3456, wallTime: 754 };
  const caps = (['attempts', 'coreHours', 'wallTime'] as const).map((cap) => ({
    ...{ cap, used: used[cap], allowed: allowed[cap] },
  }));
  const text = renderStatus({ ...ACTIVE, caps, excludedNodes }, { ...PLAIN, columns: 120 });
  t.match(text, 'used: 76 of 90 attempts, 12.3 of 500 core-hours, 00:12:34 of 1-00:00:00 wall time\n');
  t.match(text, /^node n3 excluded until 2096-\S+ \S+: 5 of 5 tasks failed within 10 s, none completed$/m);
  t.match(text, /^node n\?4 was excluded until /m);
  const free = caps.map((entry) => ({ ...entry, allowed: null }));
  t.match(renderStatus({ ...ACTIVE, caps: free }, PLAIN), '\nused: 12.3 core-hours\n', 'without caps');
});

t.test('says how to go on', async (t) => {
  const command = `to go on: mem-escalate --resume ${ACTIVE.chain}`;
  for (const state of ['STALLED', 'BLOCKED', 'STOPPED'] as const) {
    const text = renderStatus(
      { ...ACTIVE, state, needsResume: true, reason: 'sbatch: Invalid account' },
      PLAIN,
    );
    t.match(text, command);
    t.match(text, 'sbatch: Invalid account');
  }
  t.notMatch(renderStatus(ACTIVE, PLAIN), '--resume');
});

t.test('the status in one line', async (t) => {
  t.equal(
    summaryLine(ACTIVE),
    '20251224-053904-t0l3 ACTIVE round 2: 12 COMPLETED  9 RUNNING  3 PENDING  40 FAILED',
  );
});

t.test('a chain without a ladder level beyond its own, and nothing done', async (t) => {
  const levels = [level({ tasks: 1, pending: 1, partition: null, mem: null, time: null })];
  const text = renderStatus({ ...ACTIVE, levels, rounds: [], failures: [], events: [], tasks: 1 }, PLAIN);
  t.match(text, /level 0 {2}░{40} {2}0\/1\n/);
});

t.test('a ladder of axes is shown by its resources', async (t) => {
  const levels = [
    level({ rungs: { mem: 0, time: 0 }, tasks: 4, completed: 1, escalated: 3 }),
    level({ level: 1, rungs: { mem: 0, time: 1 }, partition: 'week', time: 3600, tasks: 1, running: 1 }),
    level({ level: 2, rungs: { mem: 1, time: 0 }, mem: 0, tasks: 2, running: 2 }),
  ];
  const rounds = [round({ levels: [0] }), round({ round: 2, levels: [1, 2] })];
  const status = { ...ACTIVE, levels, rounds, failures: [], events: [] };
  const text = renderStatus(status, { ...PLAIN, columns: 120 });
  t.match(text, /^1G 00:01:00 devel,day {2,}█/m);
  t.match(text, /^1G 01:00:00 week +▓/m);
  t.match(text, /^all memory 00:01:00 devel,day +▓/m);
  t.match(text, /^ +1 +1G 00:01:00 +50069/m);
  t.match(text, /^ +2 +1G 01:00:00 \+1 +50069/m, 'the first of several');
  t.match(renderList([status], { ...PLAIN, columns: 200 }), / 1G 01:00:00 \+1 /);
});

t.test('retries, warnings, and budgets that are used up', async (t) => {
  const budget = { count: 10, duration: 14400 };
  const status: ChainStatus = {
    ...ACTIVE,
    rounds: [round({ states: { COMPLETED: 9, OUT_OF_MEMORY: 3 }, completed: 11, tasks: 12, retrying: 1 })],
    retries: [
      { state: 'PREEMPTED', count: 12, budget },
      { state: 'NODE_FAIL', count: 1, budget: { count: 1, duration: null } },
    ],
    warned: [{ round: 1, tasks: '3,7', count: 2 }],
    failures: [
      {
        ...{ round: 1, cause: 'retry_duration', state: 'PREEMPTED', exit: { code: 0, signal: 0 } },
        ...{ tasks: '5', count: 1, budget },
      },
    ],
  };
  const text = renderStatus(status, { ...PLAIN, columns: 140 });
  t.match(
    text,
    `Run again at the same level
  12 after PREEMPTED: a task at most 10 times at one level, for 04:00:00
  1 after NODE_FAIL: a task at most 1 time at one level
`,
  );
  t.match(text, 'Completed with a warning: 2 tasks\n  2 OUT_OF_MEMORY, script exit 0 (round 1): 3,7\n');
  t.match(
    text,
    '1 PREEMPTED exit 0:0, retried for too long (at most 10 times at one level, for 04:00:00) (round 1): 5',
  );
  t.match(text, / 12 {4}11 {4}1 /, 'a warned task is done, and no OOM');
});

t.test('the list of chains', async (t) => {
  const done: ChainStatus = {
    ...ACTIVE,
    chain: '20251224-060000-aaaa',
    state: 'COMPLETED',
    updated: START - 7200,
  };
  const wide = renderList([ACTIVE, done], { ...PLAIN, columns: Number.POSITIVE_INFINITY }, START + 155);
  t.equal(
    wide,
    `\
Chain                 State      Script           Tasks  Done  Failed  Level   Elapsed  Updated
20251224-053904-t0l3  ACTIVE     variable-job.sh     64    12      40      1  00:12:34   1m ago
20251224-060000-aaaa  COMPLETED  variable-job.sh     64    12      40      1  00:12:34   2h ago
`,
  );
  t.notMatch(
    renderList([ACTIVE, done], PLAIN, START + 155),
    'Elapsed',
    'columns give way on a narrow terminal',
  );
  t.equal(renderList([], PLAIN), 'no chains\n');
});

t.test('the attempts of a task', async (t) => {
  const first = {
    ...{
      round: 1,
      level: 0,
      rung: null,
      job: '50069_8',
      state: 'OUT_OF_MEMORY' as const,
      exit: { code: 0, signal: 125 },
    },
    ...{ node: 'd3', elapsed: 12, maxRss: 900 * 2 ** 20, start: START, end: START + 12 },
    ...{ decided: 'retrying' as const, output: '/data/slurm-50069_8.out' },
  };
  const nothing = {
    state: null,
    exit: null,
    node: null,
    elapsed: null,
    maxRss: null,
    start: null,
    end: null,
  };
  const second = { round: 2, level: 1, rung: null, job: null, ...nothing, decided: null, output: null };
  const history = { chain: ACTIVE.chain, index: 8, attempts: [first, second] };
  t.equal(
    renderTask(history, { ...PLAIN, columns: 120 }),
    `\
Task 8 of chain 20251224-053904-t0l3

Round  Level  Job      State          Exit   Node  Started               Elapsed  MaxRSS  Then
    1      0  50069_8  OUT_OF_MEMORY  0:125  d3    2025-12-24 05:39:04  00:00:12    900M  retrying
    2      1  -        -              -      -     -                           -       -  -

Output:
  round 1  /data/slurm-50069_8.out
  round 2  -
`,
  );
  t.match(renderTask({ ...history, attempts: [] }, PLAIN), 'there is no such task');
});

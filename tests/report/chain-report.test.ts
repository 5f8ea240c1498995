import t from 'tap';
import type { ChainState, Checkpoint, TaskOutcome } from '../../lib/chain/checkpoint.js';
import { DEFAULT_POLICY } from '../../lib/chain/ladder.js';
import { allChainsReport, renderAllChains } from '../../lib/report/all-chains.js';
import { renderMarkdown } from '../../lib/report/chain-markdown.js';
import { chainReport } from '../../lib/report/chain-report.js';
import { checkpoint, ladder, level, round, roundJob } from '../chain/plain-chain.js';
import {
  type Ending,
  type SimulatedChain,
  type SimulationOptions,
  simulateChain,
} from './simulated-chain.js';

function reportOf({ checkpoint, outcomes }: SimulatedChain, detailed = true) {
  return chainReport(checkpoint, (round) => outcomes.get(round) ?? [], { detailed });
}

function statusesOf(options: SimulationOptions, change: Partial<Checkpoint> = {}): string[] {
  const { checkpoint, outcomes } = simulateChain(options);
  return reportOf({ checkpoint: { ...checkpoint, ...change }, outcomes }).rounds.map(({ status }) => status);
}

const COMPLETED: Ending = { state: 'COMPLETED' };
const OOM: Ending = { state: 'OUT_OF_MEMORY', exit: '0:125' };
const TIMEOUT: Ending = { state: 'TIMEOUT', exit: '0:15', node: 'd6', elapsed: 86 };

/** Nodes and seconds of the tasks that the specification's example lists as failed. */
const FAILED: Readonly<Record<number, [string, number]>> = {
  0: ['d1', 3],
  5: ['d6', 2],
  10: ['n1', 3],
  15: ['n3', 2],
  20: ['w1', 1],
  25: ['w2', 3],
};

/** The specification's example: 30 tasks, of which 6 have a bug, 3 run out of memory and 9 out of time. */
function specExample(): SimulatedChain {
  const ending = (index: number, round: number): Ending => {
    const failed = FAILED[index];
    if (failed !== undefined) return { state: 'FAILED', exit: '1:0', node: failed[0], elapsed: failed[1] };
    if (round === 1 && [1, 2, 3].includes(index)) return OOM;
    if (round === 1 && index >= 19) return TIMEOUT;
    if (round === 2 && index >= 23) return TIMEOUT;
    return COMPLETED;
  };
  const chain = simulateChain({ ending });
  const ids = [
    ['50069', '50070'],
    ['50101', '50102'],
    ['50115', '50116'],
  ];
  const rounds = chain.checkpoint.rounds.map((round, position) => {
    const [jobId = null, handlerId = null] = ids[position] ?? [];
    return {
      ...round,
      jobs: round.jobs.map((job) => ({ ...job, jobId })),
      handlers: round.handlers.map((handler) => ({ ...handler, jobId: handlerId })),
    };
  });
  return { ...chain, checkpoint: { ...chain.checkpoint, rounds } };
}

t.test("the specification's example, detailed", async (t) => {
  const expected = `## Chain: 20251224-053904-t0l3

### Escalation Rounds

| Round | Job ID | Handler | Memory | Tasks | Done | OOM | Timeout | Failed | Status |
|-------|--------|---------|--------|-------|------|-----|---------|--------|--------|
| 1 | 50069 | 50070 | 1G | 30 | 12 | 3 | 9 | 6 | ESCALATING |
| 2 | 50101 | 50102 | 2G | 12 | 6 | 0 | 6 | 0 | ESCALATING |
| 3 | 50115 | 50116 | 4G | 6 | 6 | 0 | 0 | 0 | COMPLETED |

### Task Details (from database)

#### Round 1: 1G

**Status Distribution:**

| Status | Count |
|--------|-------|
| COMPLETED | 12 |
| TIMEOUT | 9 |
| FAILED | 6 |
| OUT_OF_MEMORY | 3 |

**Runtime:** min=00:00:01, max=00:01:26

**Node Distribution:**

| Node | Tasks |
|------|-------|
| d1 | 16 |
| d6 | 10 |
| n1 | 1 |
| n3 | 1 |
| w1 | 1 |
| w2 | 1 |

#### Round 2: 2G

**Status Distribution:**

| Status | Count |
|--------|-------|
| COMPLETED | 6 |
| TIMEOUT | 6 |

**Runtime:** min=00:00:05, max=00:01:26

**Node Distribution:**

| Node | Tasks |
|------|-------|
| d1 | 6 |
| d6 | 6 |

#### Round 3: 4G

**Status Distribution:**

| Status | Count |
|--------|-------|
| COMPLETED | 6 |

**Runtime:** min=00:00:05, max=00:00:05

**Node Distribution:**

| Node | Tasks |
|------|-------|
| d1 | 6 |

### Failed Tasks (Not Retried)

**6** tasks failed with code errors and were not escalated.

**Failed task details (first 20):**

| Task ID | Status | Exit Code | Node | Elapsed |
|---------|--------|-----------|------|---------|
| 0 | FAILED | 1 | d1 | 00:00:03 |
| 5 | FAILED | 1 | d6 | 00:00:02 |
| 10 | FAILED | 1 | n1 | 00:00:03 |
| 15 | FAILED | 1 | n3 | 00:00:02 |
| 20 | FAILED | 1 | w1 | 00:00:01 |
| 25 | FAILED | 1 | w2 | 00:00:03 |

### Summary

**24** of 30 tasks completed. **6** failed (not retried).
`;
  t.equal(renderMarkdown(reportOf(specExample())), expected);
});

t.test('without details, outcome files are not read', async (t) => {
  const { checkpoint } = specExample();
  const report = chainReport(checkpoint, () => t.fail('asked for outcomes') as never, { detailed: false });
  const markdown = renderMarkdown(report);
  t.equal(report.details, null);
  t.notMatch(markdown, 'Task Details');
  t.match(markdown, '\n### Failed Tasks (Not Retried)\n\n**6** tasks failed with code errors');
  t.notMatch(markdown, 'Failed task details');
  t.match(markdown, '\n### Summary\n\n**24** of 30 tasks completed. **6** failed (not retried).\n');
});

t.test('the data survive JSON', async (t) => {
  const report = reportOf(specExample());
  t.strictSame(JSON.parse(JSON.stringify(report)), report);
});

t.test('status of the rounds', async (t) => {
  const array = '0-3';
  const always =
    (...endings: Ending[]) =>
    (index: number): Ending =>
      endings[index] ?? COMPLETED;
  const bug: Ending = { state: 'FAILED', exit: '1:0' };
  t.strictSame(statusesOf({ array, ending: always() }), ['COMPLETED']);
  t.strictSame(statusesOf({ array, ending: always(bug) }), ['COMPLETED_WITH_FAILURES']);
  t.strictSame(statusesOf({ array, ending: always(bug, bug, bug, bug) }), ['FAILED']);
  t.strictSame(statusesOf({ array, memory: ['1G', '2G'], ending: always(OOM, bug) }), [
    'ESCALATING',
    'EXHAUSTED',
  ]);
  t.strictSame(statusesOf({ array, decided: 1, ending: always(OOM) }), ['ESCALATING', 'RUNNING']);
  const second: [ChainState, string][] = [
    ['blocked', 'BLOCKED'],
    ['stopped', 'STOPPED'],
    ['cancelled', 'CANCELLED'],
  ];
  for (const [state, status] of second) {
    t.strictSame(statusesOf({ array, decided: 1, ending: always(OOM) }, { state }), ['ESCALATING', status]);
  }
  t.strictSame(statusesOf({ array, ending: always(bug) }, { state: 'cancelled' }), ['CANCELLED']);
  t.strictSame(statusesOf({ array, ending: always({ state: 'RUNNING' }) }), ['STOPPED']);
  const { checkpoint } = simulateChain({ array, decided: 0, ending: always() });
  for (const phase of ['submitting', 'submitted', 'guarded'] as const) {
    const rounds = checkpoint.rounds.map((round) => ({ ...round, phase }));
    const report = chainReport({ ...checkpoint, rounds }, () => [], { detailed: false });
    t.equal(report.rounds[0]?.status, 'SUBMITTING');
  }
});

t.test('a round that is not decided, of a chain that waits for a person', async (t) => {
  const { checkpoint, outcomes } = simulateChain({ array: '0-3', decided: 1, ending: () => OOM });
  const running = renderMarkdown(reportOf({ checkpoint, outcomes }));
  t.match(running, '\n| 2 | 200 | 250, 251 | 2G | 4 | - | - | - | - | RUNNING |\n');
  t.match(running, '**0** of 4 tasks completed. **4** still running.\n');
  const blocked = { ...checkpoint, state: 'blocked' as const, reason: 'sbatch:\nno such account' };
  t.match(
    renderMarkdown(reportOf({ checkpoint: blocked, outcomes })),
    '**4** not finished.\n\nThe chain is blocked: sbatch: no such account\n',
  );
});

t.test('several jobs and levels in a round', async (t) => {
  const policy = { ...DEFAULT_POLICY, states: { ...DEFAULT_POLICY.states, NODE_FAIL: 'retry' as const } };
  const chain = simulateChain({
    array: '0-9',
    memory: ['1G', null, '0'],
    policy,
    limits: { maxArraySize: 5 },
    ending: (index, round) => {
      if (round === 1) return index < 5 ? OOM : { state: 'NODE_FAIL', node: 'n9' };
      return COMPLETED;
    },
  });
  const markdown = renderMarkdown(reportOf(chain));
  t.match(markdown, '\n| 1 | 100, 101 | 150 | 1G | 10 | 0 | 5 | 0 | 5 | ESCALATING |\n');
  t.match(markdown, '\n| 2 | 200, 201 | 250 | 1G, default | 10 | 10 | 0 | 0 | 0 | COMPLETED |\n');
  t.match(markdown, '\n#### Round 2: 1G, default\n');
});

t.test('axes by their resources; retries and warnings in sections of their own', async (t) => {
  const budget = { count: 10, duration: 14_400 };
  const chain = checkpoint({
    state: 'failed',
    ladder: ladder({
      levels: [level({ mem: 2 ** 30, time: 60 }), level({ mem: 2 ** 30, time: 3600 })],
      axes: { mem: 1, time: 2, partitions: null },
      retryBudgets: { PREEMPTED: budget },
    }),
    rounds: [
      round([roundJob({ level: 0, jobId: '7', count: 3 }), roundJob({ level: 1, jobId: '8', count: 2 })], {
        phase: 'finished',
        handlers: [
          { token: 'a', trigger: 'afternotok', jobId: '9' },
          { token: 'b', trigger: 'afterok', jobId: '10' },
        ],
        result: {
          finishedAt: 1_766_554_800,
          states: { COMPLETED: 2, OUT_OF_MEMORY: 3 },
          buckets: { completed: '0-3', retrying: '', failed: '4', unknown: '' },
          failures: [
            {
              ...{ cause: 'retry_duration', state: 'PREEMPTED', exit: { code: 0, signal: 0 } },
              ...{ tasks: '4', count: 1 },
            },
          ],
          retries: [{ state: 'PREEMPTED', level: 0, tasks: '4', count: 1 }],
          warned: '2,3',
          coreSeconds: 0,
          capped: null,
        },
      }),
    ],
  });
  const markdown = renderMarkdown(chainReport(chain, () => [], { detailed: true }));
  t.match(markdown, '| Round | Job ID | Handler | Memory and time | Tasks |');
  t.match(
    markdown,
    '| 1 | 7, 8 | 9 | 1G 00:01:00, 1G 01:00:00 | 5 | 4 | 1 | 0 | 0 | COMPLETED_WITH_FAILURES |',
    'to Slurm a warned task failed, to the chain it is done',
  );
  t.match(markdown, '#### Round 1: 1G 00:01:00, 1G 01:00:00');
  t.match(markdown, '| PREEMPTED | 1 | at most 10 times at one level, for 04:00:00 |');
  t.match(markdown, '### Completed with a Warning');
  t.match(markdown, '| 1 | 2 | 2,3 |');
  t.match(markdown, 'A task is run again after PREEMPTED at most 10 times at one level, for 04:00:00.');
});

t.test('each cause of failure has its line', async (t) => {
  const states = { ...DEFAULT_POLICY.states, NODE_FAIL: 'retry' as const };
  const endings: Ending[] = [
    { state: 'NODE_FAIL', exit: '0:0', node: 'n1' },
    { state: 'OUT_OF_MEMORY', exit: '0:125' },
    { state: 'FAILED', exit: '0:9' },
    { state: 'FAILED', exit: '127:0' },
    { state: 'CANCELLED', node: null, elapsed: 0 },
  ];
  const chain = simulateChain({
    array: '0-4',
    memory: ['1G'],
    retryLimit: 0,
    policy: { states, exitCodes: [] },
    ending: (index) => endings[index] ?? COMPLETED,
  });
  const result = chain.checkpoint.rounds[0]?.result;
  const failures = result?.failures.map((group) =>
    group.state === 'CANCELLED' ? { ...group, cause: 'cancelled' as const } : group,
  );
  Object.assign(result ?? {}, { failures });
  t.match(
    renderMarkdown(reportOf(chain)),
    `### Failed Tasks (Not Retried)

**2** tasks failed with code errors and were not escalated.

**1** task failed at the highest level: the ladder is exhausted.

**1** task failed at its level as often as the retry limit allows.

**1** task was cancelled with the chain.

A task is run again after NODE_FAIL at most 0 times at one level.

**Failed task details (first 20):**

| Task ID | Status | Exit Code | Node | Elapsed |
|---------|--------|-----------|------|---------|
| 0 | NODE_FAIL | 0 | n1 | 00:00:05 |
| 1 | OUT_OF_MEMORY | 0:125 | d1 | 00:00:05 |
| 2 | FAILED | 0:9 | d1 | 00:00:05 |
| 3 | FAILED | 127 | d1 | 00:00:05 |
| 4 | CANCELLED | 0 | - | 00:00:00 |

### Summary

**0** of 5 tasks completed. **5** failed (not retried).
`,
  );
  t.match(renderMarkdown(reportOf(chain)), '**Runtime:** min=00:00:05, max=00:00:05');
});

t.test('caps and excluded nodes have their sections', async (t) => {
  const { checkpoint, outcomes } = simulateChain({ array: '0-4', memory: ['1G'], ending: () => OOM });
  checkpoint.ladder.caps = { attempts: 5, coreHours: null, wallTime: 86_400 };
  checkpoint.excludedNodes = [{ node: 'n3', since: 0, until: 3600, reason: '3 of 3 tasks failed' }];
  const [round] = checkpoint.rounds;
  const failures = round?.result?.failures.map((group) => ({ ...group, cause: 'capped' as const }));
  Object.assign(round?.result ?? {}, { failures });
  Object.assign(checkpoint, { state: 'capped', reason: 'the cap on attempts: 5 of 5 used' });
  const report = reportOf({ checkpoint, outcomes });
  const markdown = renderMarkdown(report);
  t.match(markdown, '| CAPPED |\n');
  t.match(markdown, '**5** tasks would have been run again, but the chain has used what it may.');
  t.match(
    markdown,
    `### Limits

| Limit | Used | Allowed |
|-------|------|---------|
| attempts | 5 | 5 |
| wall time | 00:08:20 | 1-00:00:00 |

### Excluded Nodes

| Node | Since | Until | Reason |
|------|-------|-------|--------|
| n3 | `,
  );
  t.match(markdown, '\n\nThe chain is capped: the cap on attempts: 5 of 5 used\n');
  t.match(report.caps[1], { cap: 'coreHours', used: 25 / 3600, allowed: null });
});

t.test('long tables are cut, the data are not', async (t) => {
  const chain = simulateChain({
    array: '0-24',
    ending: (index) => ({ state: 'FAILED', exit: '2:0', node: `n${index + 1}` }),
  });
  const report = reportOf(chain);
  const markdown = renderMarkdown(report);
  t.match(markdown, '\n| n9 | 1 |\n| n10 | 1 |\n');
  t.match(markdown, '\n| n20 | 1 |\n\nand 5 more nodes\n');
  t.match(markdown, '\n| 19 | FAILED | 2 | n20 | 00:00:05 |\n\nand 5 more tasks\n');
  t.equal(report.failed.details?.length, 25);
  t.equal(report.details?.[0]?.nodes.length, 25);
});

t.test('what is gone is not made up', async (t) => {
  const { checkpoint } = specExample();
  const markdown = renderMarkdown(chainReport(checkpoint, () => [], { detailed: true }));
  t.match(markdown, '\n| TIMEOUT | 9 |\n');
  t.notMatch(markdown, 'Runtime');
  t.match(markdown, '\n| 5 | FAILED | 1 | - | - |\n');
});

t.test('tasks without proof are unknown, neither failed nor completed', async (t) => {
  const ending = (index: number): Ending | null => (index === 0 ? null : index === 1 ? OOM : COMPLETED);
  const chain = simulateChain({ array: '0-3', memory: ['1G'], ending });
  const report = reportOf(chain);
  t.strictSame(report.summary, { tasks: 4, completed: 2, failed: 1, unknown: 1, open: 0 });
  t.match(renderMarkdown(report), '\n| UNKNOWN | 1 |\n');
  t.match(renderMarkdown(report), '**2** of 4 tasks completed. **1** failed (not retried). **1** unknown.\n');
});

t.test('every task is counted once, wherever the chain stands', async (t) => {
  const words: TaskOutcome['state'][] = ['COMPLETED', 'TIMEOUT', 'FAILED', 'OUT_OF_MEMORY', 'NODE_FAIL'];
  for (let decided = 0; decided <= 5; decided += 1) {
    const ending = (index: number, round: number): Ending => ({
      state: words[(index * 7 + round) % 5] ?? 'UNKNOWN',
    });
    const { tasks, completed, failed, unknown, open } = reportOf(
      simulateChain({ array: '0-99', decided, ending }),
    ).summary;
    t.equal(completed + failed + unknown + open, tasks, `after ${decided} rounds`);
    t.equal(tasks, 100);
  }
});

t.test('all chains: a table, then each', async (t) => {
  const one = specExample();
  const name = 'a|b\\.sh';
  const other = simulateChain({ chain: '20251225-000000-abcd', array: null, decided: 0, ending: () => OOM });
  const script = { ...other.checkpoint.request.script, name };
  const renamed = { ...other.checkpoint, request: { ...other.checkpoint.request, script } };
  const report = allChainsReport(
    [one.checkpoint, renamed],
    (chain, round) => (chain === one.checkpoint.chain ? (one.outcomes.get(round) ?? []) : []),
    { detailed: false, unreadable: [{ chain: '20251226-000000-abcd', problem: 'not JSON' }] },
  );
  t.equal(
    renderAllChains(report),
    `# All Chains

| Chain | Script | State | Rounds | Tasks | Completed | Failed | Unknown | Open |
|-------|--------|-------|--------|-------|-----------|--------|---------|------|
| 20251224-053904-t0l3 | job.sh | FAILED | 3 | 30 | 24 | 6 | 0 | 0 |
| 20251225-000000-abcd | a\\|b\\\\.sh | ACTIVE | 1 | 1 | 0 | 0 | 0 | 1 |

Chain 20251226-000000-abcd cannot be read: not JSON

${renderMarkdown(reportOf(one, false))}
## Chain: 20251225-000000-abcd

### Escalation Rounds

| Round | Job ID | Handler | Memory | Tasks | Done | OOM | Timeout | Failed | Status |
|-------|--------|---------|--------|-------|------|-----|---------|--------|--------|
| 1 | 100 | 150, 151 | 1G | 1 | - | - | - | - | RUNNING |

### Summary

**0** of 1 tasks completed. **1** still running.
`,
  );
  t.match(renderAllChains({ chains: [], unreadable: [] }), 'There are no chains.\n');
});

import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import t, { type Test } from 'tap';
import { NO_CAPS } from '../../lib/chain/caps.js';
import {
  CHECKPOINT_VERSION,
  type Checkpoint,
  type Round,
  type RoundJob,
  type RoundResult,
  type TaskOutcome,
} from '../../lib/chain/checkpoint.js';
import { currentStatus } from '../../lib/chain/current-status.js';
import { DEFAULT_POLICY } from '../../lib/chain/ladder.js';
import { liveCounts, liveRound } from '../../lib/chain/live-round.js';
import { DEFAULT_NODE_EXCLUSION } from '../../lib/chain/node-exclusion.js';
import { TrackerPaths } from '../../lib/chain/paths.js';
import { type ChainStatus, chainStatus } from '../../lib/chain/status.js';
import { taskHistory } from '../../lib/chain/task-history.js';
import { count, parseArraySpec } from '../../lib/slurm/array-spec.js';
import { parseAccounting } from '../../lib/slurm/sacct.js';
import { parseQueue } from '../../lib/slurm/squeue.js';
import { record } from './plain-chain.js';

const START = 1_766_554_744;
const CHAIN = '20251224-053904-t0l3';
const CONTEXT = { now: START + 600, scriptChanged: false };

function job(jobId: string | null, level: number, indices: string, change: Partial<RoundJob> = {}): RoundJob {
  const token = `afterok:${CHAIN}:j${jobId}`;
  const tasks = count(parseArraySpec(indices));
  return {
    ...{
      token,
      level,
      array: indices,
      throttle: null,
      indices,
      count: tasks,
      mapped: false,
      exclude: [],
      jobId,
    },
    ...change,
  };
}

function openRound(
  number: number,
  jobs: RoundJob[],
  handler: string | null,
  phase: Round['phase'] = 'running',
): Round {
  const handlers =
    handler === null ? [] : [{ token: `h${handler}`, trigger: 'afterany' as const, jobId: handler }];
  return { number, phase, startedAt: START + number * 100, jobs, handlers, result: null };
}

function result(
  buckets: Partial<RoundResult['buckets']>,
  failures: RoundResult['failures'] = [],
  states: RoundResult['states'] = {},
): RoundResult {
  const all = { completed: '', retrying: '', failed: '', unknown: '', ...buckets };
  const limits = { coreSeconds: 0, capped: null };
  return { finishedAt: START + 300, states, buckets: all, failures, retries: [], warned: '', ...limits };
}

function finished(round: Round, ended: RoundResult): Round {
  return { ...round, phase: 'finished', result: ended };
}

function checkpoint(rounds: Round[], change: Partial<Checkpoint> = {}): Checkpoint {
  const settings = { qos: null, account: null, constraint: null, gres: null, cpus: null, exclude: null };
  const level = (partition: string, gigabytes: number, time: number) => ({
    ...{ partition, mem: gigabytes * 2 ** 30, time, ...settings },
  });
  return {
    version: CHECKPOINT_VERSION,
    chain: CHAIN,
    sequence: 7,
    state: 'active',
    reason: null,
    createdAt: START,
    updatedAt: START + 400,
    user: 'ana',
    request: {
      script: { path: '/data/jobs/variable-job.sh', name: 'variable-job.sh', sha256: '' },
      args: [],
      cwd: '/data',
      array: '0-29',
      throttle: null,
      export: { mode: 'ALL', names: [] },
      options: [],
      firstRoundOptions: [],
      comment: null,
      exclude: null,
      output: null,
      error: null,
      startLevel: 0,
      maxLevel: 2,
    },
    ladder: {
      file: 'ladder.yaml',
      levels: [level('devel,day', 1, 60), level('week', 4, 120), level('week', 8, Number.POSITIVE_INFINITY)],
      axes: null,
      policy: DEFAULT_POLICY,
      handler: { partition: null, mem: null, time: null, account: null, qos: null },
      maxArraySpecLength: 4096,
      retryLimit: 3,
      caps: NO_CAPS,
      nodeExclusion: null,
      retryBudgets: {},
      oomExit0: 'retry',
      completionRecords: false,
      history: { enabled: false, database: null },
    },
    limits: { maxArraySize: 1001, maxArraySpecLength: 4096 },
    evidence: { accounting: true, records: false, comments: true },
    handler: { partition: null, mem: 2 ** 28, time: 600, account: null, qos: null },
    rounds,
    excludedNodes: [],
    events: [{ at: START, round: 1, kind: 'created', text: '30 tasks, 3 levels' }],
    ...change,
  };
}

const FAILED_SIX = [
  {
    cause: 'no_retry' as const,
    state: 'FAILED' as const,
    exit: { code: 1, signal: 0 },
    tasks: '0-25:5',
    count: 6,
  },
];

/** 30 tasks: 12 completed, 12 climb, 6 failed; the 12 run as one job. */
function secondRound(change: Partial<Checkpoint> = {}): Checkpoint {
  const first = finished(
    openRound(1, [job('50069', 0, '0-29')], '50070'),
    result({ completed: '1-4,11-14,21-24', retrying: '6-9,16-19,26-29', failed: '0-25:5' }, FAILED_SIX, {
      COMPLETED: 12,
      TIMEOUT: 9,
      OUT_OF_MEMORY: 3,
      FAILED: 6,
    }),
  );
  return checkpoint([first, openRound(2, [job('50101', 1, '6-9,16-19,26-29')], '50102')], change);
}

const QUEUE = parseQueue(`*** maintenance on Friday ***
50101_[26-29%2]|PENDING|JobArrayTaskLimit|afterok:x
50101_19|RUNNING|None|afterok:x
50101_18|COMPLETING|None|afterok:x
50102|PENDING|Dependency|afterok:x
99|RUNNING|None|(null)
`);

const ACCOUNTING = parseAccounting(`Welcome to the cluster
50101_6|50103|COMPLETED|0:0|w1|30|2||${START + 100}|${START + 200}|${START + 230}|
50101_7|50104|TIMEOUT|0:0|w1|120|2||${START + 100}|${START + 200}|${START + 320}|
50101_8|50105|FAILED|2:0|w2|5|2||${START + 100}|${START + 210}|${START + 215}|
50101_18|50106|COMPLETED|0:0|w2|50|2||${START + 100}|${START + 210}|${START + 260}|
50101_[26-29%2]|50101|PENDING|0:0|None assigned|0|2||${START + 100}|Unknown|Unknown|
`);

/** Every task is somewhere, once, and the object is what its JSON says. */
function sums(t: Test, status: ChainStatus): void {
  const add = (counts: ChainStatus['counts']) =>
    counts.completed + counts.running + counts.pending + counts.retrying + counts.failed + counts.unknown;
  t.equal(add(status.counts), status.tasks, 'counts add up to the total');
  for (const level of status.levels) {
    t.equal(add(level) + level.escalated, level.tasks, `level ${level.level} adds up`);
  }
  t.same(JSON.parse(JSON.stringify(status)), status, 'survives JSON');
}

t.test('an open round is counted by queue and accounting', async (t) => {
  const live = liveRound(secondRound(), QUEUE, ACCOUNTING, START + 400);
  const status = chainStatus(secondRound(), live, CONTEXT);
  sums(t, status);
  t.equal(status.state, 'ACTIVE');
  // Task 18 is completing: it is in the queue, so that it has not ended, whatever accounting says.
  t.same(status.counts, { completed: 13, running: 2, pending: 4, retrying: 1, failed: 7, unknown: 3 });
  t.same(live.states, { RUNNING: 2, PENDING: 4, COMPLETED: 1, TIMEOUT: 1, FAILED: 1, UNKNOWN: 3 });
  t.match(status.levels, [
    { level: 0, tasks: 30, completed: 12, escalated: 12, failed: 6, time: 60 },
    { level: 1, tasks: 12, completed: 1, escalated: 0, failed: 1, running: 2, pending: 4 },
    { level: 2, tasks: 0, time: 'UNLIMITED' },
  ]);
  t.match(status.rounds[0], { jobs: ['50069'], handlers: ['50070'], completed: 12, retrying: 12, failed: 6 });
  t.match(status.failures, [
    { round: 1, count: 6, tasks: '0-25:5' },
    { round: 2, count: 1, tasks: '8', exit: { code: 2, signal: 0 } },
  ]);
  t.match(status.live, { accounting: true, handlers: 1, pendingReasons: { JobArrayTaskLimit: 4 } });
  t.equal(status.eta, 200, '6 tasks ended in 200 s, 6 are left');
  t.equal(status.elapsed, 600);
  t.same(status.caps, [
    { cap: 'attempts', used: 42, allowed: null },
    { cap: 'coreHours', used: (2 * (30 + 120 + 5 + 50)) / 3600, allowed: null },
    { cap: 'wallTime', used: 600, allowed: null },
  ]);
});

t.test('a failure that the handler will lay to the charge of its node is no failure', async (t) => {
  const { ladder } = checkpoint([]);
  const change = { ladder: { ...ladder, nodeExclusion: { ...DEFAULT_NODE_EXCLUSION, failures: 3 } } };
  const rows = [6, 7, 8, 9, 16, 17].map(
    (index) =>
      `50101_${index}|5|${index < 9 ? 'FAILED|1:0|w1|0' : 'COMPLETED|0:0|w2|60'}|2||${START + 100}|${START + 200}|${START + 260}|`,
  );
  const accounting = parseAccounting(rows.join('\n'));
  const live = liveRound(secondRound(change), QUEUE, accounting, START + 400);
  t.match(chainStatus(secondRound(change), live, CONTEXT).counts, { completed: 15, retrying: 3, failed: 6 });
});

t.test('without accounting, what has left the queue is unknown', async (t) => {
  const status = chainStatus(secondRound(), liveRound(secondRound(), QUEUE, null, START + 400), CONTEXT);
  sums(t, status);
  t.same(status.counts, { completed: 12, running: 2, pending: 4, retrying: 0, failed: 6, unknown: 6 });
  t.equal(status.live?.accounting, false);
  t.equal(status.eta, 200);
});

t.test('on a cluster without accounting, by queue and records', async (t) => {
  const ended = (task: number, change: Parameters<typeof record>[0] = {}) =>
    record({ job: '50101', task, index: task, ...change });
  const records = [
    ended(6),
    ended(7, { code: 137 }),
    ended(18),
    ended(19, { end: null, code: null, signal: null }),
  ];
  const status = chainStatus(
    secondRound(),
    liveRound(secondRound(), QUEUE, null, START + 400, records),
    CONTEXT,
  );
  sums(t, status);
  t.same(status.counts, { completed: 13, running: 2, pending: 4, retrying: 1, failed: 6, unknown: 4 });
});

t.test('without an answer of Slurm the open round is unknown', async (t) => {
  const status = chainStatus(secondRound(), null, CONTEXT);
  sums(t, status);
  t.match(status, { state: 'ACTIVE', live: null, note: String, eta: null, counts: { unknown: 12 } });
  const earlier = liveRound(checkpoint([openRound(1, [job('50069', 0, '0-29')], '50070')]), [], null);
  t.equal(
    chainStatus(secondRound(), earlier, CONTEXT).live,
    null,
    'a picture of an earlier round is not used',
  );
});

t.test('stalled: active, and nothing that would move it on is in the queue', async (t) => {
  const chain = secondRound();
  const state = (queue: string, from = chain, now = CONTEXT.now) => {
    const { state, needsResume } = chainStatus(from, liveRound(from, parseQueue(queue), null), {
      ...CONTEXT,
      now,
    });
    return [state, needsResume];
  };
  t.same(state(''), ['STALLED', true]);
  t.same(state('50102|PENDING|Dependency|x'), ['ACTIVE', false]);
  t.same(state('50102|PENDING|DependencyNeverSatisfied|x'), ['STALLED', true], 'that one will never start');
  t.same(state('50070|COMPLETING|None|x'), ['ACTIVE', false], 'the handler of the round before');
  t.same(state('50101_19|RUNNING|None|x'), ['ACTIVE', false]);
  t.same(state('50101_19|COMPLETED|None|x'), ['STALLED', true]);

  const submitting = checkpoint([openRound(1, [job(null, 0, '0-29')], null, 'submitting')]);
  t.same(state('', submitting, START + 410), ['SUBMITTING', false], 'somebody is at it');
  t.same(state('', submitting), ['STALLED', true], 'nobody is');
  const held = checkpoint([openRound(1, [job('50069', 0, '0-29')], '50070', 'guarded')]);
  t.same(state('50069_[0-29]|PENDING|JobHeldUser|x', held, START + 410), ['HELD', false]);
  t.same(state('50069_[0-29]|PENDING|JobHeldUser|x', held), ['HELD', true]);
});

t.test('a round that is not submitted yet is pending', async (t) => {
  const chain = checkpoint([
    openRound(1, [job('50069', 0, '0-9'), job(null, 0, '10-29')], null, 'submitting'),
  ]);
  const live = liveRound(chain, parseQueue('50069_[0-9]|PENDING|JobHeldUser|x'), null);
  for (const status of [chainStatus(chain, live, CONTEXT), chainStatus(chain, null, CONTEXT)]) {
    sums(t, status);
    t.equal(status.counts.pending, 30);
  }
});

t.test('one round at several levels, with a retry at the same level', async (t) => {
  const first = finished(
    openRound(1, [job('1', 0, '0-29')], '2'),
    result({ completed: '0-9', retrying: '10-29' }),
  );
  // 10-19 climb, 20-29 are run again without the bad node.
  const second = finished(
    openRound(2, [job('3', 0, '20-29', { exclude: ['d7'] }), job('4', 1, '10-19')], '5'),
    result({ completed: '10-14,20-24', retrying: '15-19,25-29' }),
  );
  const third = openRound(3, [job('6', 1, '25-29'), job('7', 2, '15-19')], '8');
  const chain = checkpoint([first, second, third]);
  const queue = parseQueue('6_[27-29]|PENDING|Resources|x\n6_25|RUNNING|None|x\n7_15|RUNNING|None|x\n');
  const status = chainStatus(chain, liveRound(chain, queue, null), CONTEXT);
  sums(t, status);
  t.match(status.levels, [
    { tasks: 30, completed: 15, escalated: 15 },
    { tasks: 15, completed: 5, escalated: 5, running: 1, pending: 3, unknown: 1 },
    { tasks: 5, running: 1, unknown: 4 },
  ]);
  t.same(status.rounds[1]?.levels, [0, 1]);
});

t.test('a mapped job is counted by its true indices', async (t) => {
  const mapped = job('9', 0, '2000-2004', { array: '0-4', mapped: true });
  const chain = checkpoint([openRound(1, [mapped], '10')]);
  const queue = parseQueue('9_[3-4]|PENDING|Priority|x\n9_2|RUNNING|None|x\n');
  const accounting = parseAccounting(`9_0|11|FAILED|1:0|d1|3|1||${START}|${START}|${START + 3}|`);
  const status = chainStatus(chain, liveRound(chain, queue, accounting), CONTEXT);
  sums(t, status);
  t.same(status.counts, { completed: 0, running: 1, pending: 2, retrying: 0, failed: 1, unknown: 1 });
  t.equal(status.failures[0]?.tasks, '2000');
});

t.test('chains that have ended, or wait for a person', async (t) => {
  const single = checkpoint(
    [finished(openRound(1, [job('50069', 0, '0', { array: null })], '50070'), result({ completed: '0' }))],
    { state: 'completed' },
  );
  const done = chainStatus(single, null, CONTEXT);
  sums(t, done);
  t.match(done, { state: 'COMPLETED', ended: true, needsResume: false, tasks: 1, note: null, elapsed: 400 });

  const cancelled = checkpoint(
    [
      finished(
        openRound(1, [job('1', 0, '0-29')], '2'),
        result({ completed: '0-9', failed: '10-28', unknown: '29' }),
      ),
    ],
    { state: 'cancelled', reason: 'cancelled by the user' },
  );
  sums(t, chainStatus(cancelled, null, CONTEXT));
  t.match(chainStatus(cancelled, null, CONTEXT), { state: 'CANCELLED', counts: { failed: 19, unknown: 1 } });

  const blocked = secondRound({ state: 'blocked', reason: 'sbatch: Invalid account' });
  blocked.rounds[1] = openRound(2, [job(null, 1, '6-9,16-19,26-29')], null, 'submitting');
  sums(t, chainStatus(blocked, null, CONTEXT));
  t.match(chainStatus(blocked, null, CONTEXT), {
    state: 'BLOCKED',
    needsResume: true,
    counts: { pending: 12 },
  });
});

t.test('a running single job', async (t) => {
  const chain = checkpoint([openRound(1, [job('50069', 0, '0', { array: null })], '50070')]);
  const status = chainStatus(chain, liveRound(chain, parseQueue('50069|RUNNING|None|x'), null), CONTEXT);
  sums(t, status);
  t.equal(status.counts.running, 1);
});

/** A tracker with this chain, and programs on a PATH of their own; each run of one is noted in `calls`. */
function fakeSlurm(t: Test, scripts: Record<string, string>, chain = secondRound()) {
  const checkpoints = { [`${CHAIN}.checkpoint`]: JSON.stringify(chain) };
  const folder = t.testdir({ bin: {}, calls: '', checkpoints });
  for (const [name, body] of Object.entries(scripts)) {
    const text = `#!/bin/bash\necho ${name} "$@" >> ${folder}/calls\n${body}\n`;
    writeFileSync(`${folder}/bin/${name}`, text, { mode: 0o755 });
  }
  const env = { PATH: `${folder}/bin${delimiter}${process.env.PATH}` };
  const calls = () => readFileSync(`${folder}/calls`, 'utf8').trim().split('\n').sort();
  return { env, calls, paths: new TrackerPaths(folder).chain(CHAIN) };
}

const BANNER = 'echo "*** Cluster maintenance on Friday | be ready ***"';

t.test('asks squeue once and sacct once, through banners', async (t) => {
  const { env, calls } = fakeSlurm(t, {
    squeue: `${BANNER}\necho '50101_[26-29%2]|PENDING|Resources|x'\necho '50101_19|RUNNING|None|x'`,
    sacct: `${BANNER}\necho '50101_6|50103|COMPLETED|0:0|w1|30|2||${START}|${START}|${START + 30}|'`,
  });
  const live = await liveCounts(secondRound(), env, { withAccounting: true });
  t.match(live.states, { PENDING: 4, RUNNING: 1, COMPLETED: 1, UNKNOWN: 6 });
  t.equal(calls().length, 2);
  t.match(calls()[0], /^sacct .*-j 50101$/);
  t.match(calls()[1], /-j 50101,50102,50070 /, 'jobs, handlers, and the handler that submitted the round');
});

t.test('accounting that is down is no error', async (t) => {
  const { env } = fakeSlurm(t, {
    squeue: "echo '50102|PENDING|Dependency|x'",
    sacct: 'echo "sacct: error: Problem talking to the database: Connection refused" >&2; exit 1',
  });
  const live = await liveCounts(secondRound(), env, { withAccounting: true });
  t.match(live, { accounting: false, handlers: 1, states: { UNKNOWN: 12 } });
});

t.test('a controller that is down is no error for the status', async (t) => {
  const { env, paths } = fakeSlurm(t, {
    squeue: 'echo "slurm_load_jobs error: Unable to contact slurm controller (connect failure)" >&2; exit 1',
  });
  const status = await currentStatus(paths, env);
  t.match(status, { state: 'ACTIVE', live: null, note: /Unable to contact slurm controller/ });
  sums(t, status);
});

t.test('a chain that went on while the queue was asked is not called stalled', async (t) => {
  const next = JSON.stringify(secondRound({ sequence: 8 }));
  const squeue = `cat > "\${0%/*}/../checkpoints/${CHAIN}.checkpoint" <<'JSON'
${next}
JSON
case "$*" in *50101*) echo '50102|PENDING|Dependency|x';; esac`;
  const before = checkpoint([openRound(1, [job('50069', 0, '0-29')], '50070')]);
  const { env, paths } = fakeSlurm(t, { squeue }, before);
  t.equal((await currentStatus(paths, env)).state, 'ACTIVE');
});

t.test('the attempts of a task', async (t) => {
  const outcome: TaskOutcome = {
    ...{
      index: 6,
      job: '50069_6',
      state: 'TIMEOUT',
      terminal: true,
      exit: { code: 0, signal: 0 },
      scriptExit: null,
      node: 'd3',
    },
    ...{ elapsed: 62, cpus: 1, maxRss: 2 ** 20, start: START, end: START + 62 },
  };
  const history = taskHistory(secondRound(), (round) => (round === 1 ? [outcome] : []), 6);
  t.match(history.attempts, [
    {
      ...{
        round: 1,
        level: 0,
        job: '50069_6',
        state: 'TIMEOUT',
        node: 'd3',
        elapsed: 62,
        decided: 'retrying',
      },
      output: '/data/slurm-50069_6.out',
    },
    {
      round: 2,
      level: 1,
      job: '50101_6',
      state: null,
      exit: null,
      decided: null,
      output: '/data/slurm-50101_6.out',
    },
  ]);
  t.same(taskHistory(secondRound(), () => [], 77).attempts, []);

  const mapped = job('9', 0, '2000-2004', { array: '0-4', mapped: true });
  const [attempt] = taskHistory(checkpoint([openRound(1, [mapped], '10')]), () => [], 2003).attempts;
  t.match(
    attempt,
    { job: '9_3', output: '/data/slurm-9_2003.out' },
    'its wrapper names the file after the true index',
  );
});

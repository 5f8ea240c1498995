import { NO_CAPS } from '../../lib/chain/caps.js';
import type { ChainRequest, Checkpoint, Round, RoundJob, TaskOutcome } from '../../lib/chain/checkpoint.js';
import type { CompletionRecord } from '../../lib/chain/completion-records.js';
import { DEFAULT_POLICY, type Ladder, type Level } from '../../lib/chain/ladder.js';

const GIGABYTE = 2 ** 30;

/** A level that asks for nothing, with what is given. */
export function level(asks: Partial<Level> = {}): Level {
  return {
    partition: null,
    mem: null,
    time: null,
    qos: null,
    account: null,
    constraint: null,
    gres: null,
    cpus: null,
    exclude: null,
    ...asks,
  };
}

export function ladder(change: Partial<Ladder> = {}): Ladder {
  return {
    file: 'ladder.yaml',
    levels: [
      level({ partition: 'devel,day', mem: GIGABYTE, time: 60 }),
      level({ partition: 'week', mem: 4 * GIGABYTE, time: 120 }),
    ],
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
    ...change,
  };
}

export function request(change: Partial<ChainRequest> = {}): ChainRequest {
  return {
    script: { path: '/home/ada/job.sh', name: 'job.sh', sha256: '' },
    args: [],
    cwd: '/home/ada',
    array: '0-9',
    throttle: null,
    export: { mode: 'ALL', names: [] },
    options: [],
    firstRoundOptions: [],
    comment: null,
    exclude: null,
    output: null,
    error: null,
    startLevel: 0,
    maxLevel: 1,
    ...change,
  };
}

export const CHAIN = '20251224-053904-t0l3';

export function roundJob(change: Partial<RoundJob> = {}): RoundJob {
  const array = change.array === undefined ? '0-9' : change.array;
  return {
    token: `afterok:${CHAIN}:r1:j1`,
    level: 0,
    array,
    throttle: null,
    indices: array ?? '0',
    count: 10,
    mapped: false,
    exclude: [],
    jobId: null,
    ...change,
  };
}

export function round(jobs: RoundJob[], change: Partial<Round> = {}): Round {
  return {
    number: 1,
    phase: 'submitting',
    startedAt: 1_766_554_744,
    jobs,
    handlers: [],
    result: null,
    ...change,
  };
}

export function checkpoint(change: Partial<Checkpoint> = {}): Checkpoint {
  return {
    version: 1,
    chain: CHAIN,
    sequence: 0,
    state: 'active',
    reason: null,
    createdAt: 1_766_554_744,
    updatedAt: 1_766_554_744,
    user: 'ada',
    request: request(),
    ladder: ladder(),
    limits: { maxArraySize: 1001, maxArraySpecLength: 4096 },
    evidence: { accounting: true, records: false, comments: true },
    handler: { partition: 'day', mem: 301 * 2 ** 20, time: 600, account: null, qos: null },
    rounds: [round([roundJob()])],
    excludedNodes: [],
    events: [],
    ...change,
  };
}

/** How a task ended: by default well, on n1 in 5 s. */
export function outcome(index: number, change: Partial<TaskOutcome> = {}): TaskOutcome {
  return {
    index,
    job: `806_${index}`,
    state: 'COMPLETED',
    terminal: true,
    exit: { code: 0, signal: 0 },
    scriptExit: null,
    node: 'n1',
    elapsed: 5,
    cpus: 1,
    maxRss: null,
    start: null,
    end: null,
    ...change,
  };
}

/** What a wrapper wrote of task 3: by default that it ended well within 30 s. */
export function record(change: Partial<CompletionRecord> = {}): CompletionRecord {
  return {
    job: '806',
    task: 3,
    index: 3,
    restart: 0,
    node: 'n1',
    host: 'n1.cluster',
    cpus: 1,
    start: 1000,
    term: null,
    end: 1030,
    code: 0,
    signal: 0,
    oomKills: null,
    ...change,
  };
}

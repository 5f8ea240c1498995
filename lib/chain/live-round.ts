import { epochSeconds } from '../clock.js';
import { expand, parseArraySpec } from '../slurm/array-spec.js';
import { SlurmCommandError } from '../slurm/command-error.js';
import { type JobState, stateTraits } from '../slurm/job-state.js';
import { type AccountingRow, sacct } from '../slurm/sacct.js';
import { type QueueRow, squeueJobs } from '../slurm/squeue.js';
import { coreSeconds } from './caps.js';
import {
  type Checkpoint,
  type FailureGroup,
  type HandlerJob,
  handlerIds,
  jobIds,
  lastRound,
  type Outcomes,
  type Round,
  type RoundJob,
  type RoundResult,
  type TaskOutcome,
} from './checkpoint.js';
import { type CompletionRecord, readRecords } from './completion-records.js';
import { roundTasks } from './conclude-round.js';
import { decide, type RoundTask } from './decide.js';
import { indices } from './index-set.js';
import { judgeNodes } from './node-exclusion.js';
import type { ChainPaths } from './paths.js';
import { RoundTasks } from './round-tasks.js';
import { noTasks, type TaskCounts } from './task-counts.js';

/** What Slurm says of the last round, at one moment. */
export interface LiveRound {
  /** Seconds since the epoch. */
  at: number;
  round: number;
  /** Whether accounting answered: without it, tasks that have left the queue are `unknown`. */
  accounting: boolean;
  levels: ReadonlyMap<number, TaskCounts>;
  /** Tasks per Slurm state: RUNNING and PENDING by the queue, ends by accounting, UNKNOWN for the rest. */
  states: RoundResult['states'];
  failures: FailureGroup[];
  /** Of all tasks of which accounting tells, running ones so far. */
  coreSeconds: number;
  /** Why pending tasks wait, in Slurm's words (`Resources`, `Priority`, `JobHeldUser`). */
  pendingReasons: Record<string, number>;
  /** Queue entries of the round's jobs; an entry may stand for many tasks. */
  entries: number;
  /** Handlers of the round in the queue, those that can never start left out. */
  handlers: number;
  /** The handler of the round before is still at work: it is submitting this round. */
  submitter: boolean;
  /** When the first task of the round started, by accounting. */
  firstStart: number | null;
}

/** States in which a task waits, whatever squeue calls it; every other one that is not terminal has a node. */
const WAITING: readonly (JobState | 'UNKNOWN')[] = [
  'PENDING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'RESV_DEL_HOLD',
  'SPECIAL_EXIT',
];

/**
 * Asks Slurm about the last round: squeue once, and sacct once when `withAccounting` says so; where the cluster has no
 * accounting, the completion records that `paths` leads to. Accounting that cannot be read is no error. A round that
 * has finished needs no asking.
 *
 * @throws SlurmCommandError when the queue cannot be read
 */
export async function liveCounts(
  checkpoint: Checkpoint,
  env: NodeJS.ProcessEnv,
  options: { withAccounting?: boolean; paths?: ChainPaths } = {},
): Promise<LiveRound> {
  const round = lastRound(checkpoint);
  if (round.phase === 'finished') return liveRound(checkpoint, [], null);
  const ids = [...jobIds(round), ...handlerIds(round), ...submitterIds(checkpoint)];
  const { withAccounting = false, paths } = options;
  const { evidence } = checkpoint;
  const asked = withAccounting && evidence.accounting ? jobIds(round) : [];
  const [rows, accounting] = await Promise.all([squeueJobs(ids, env), readAccounting(asked, env)]);
  const recorded = withAccounting && !evidence.accounting && paths !== undefined;
  const records = recorded ? readRecords(paths.records(round.number)) : [];
  return liveRound(checkpoint, rows, accounting, epochSeconds(), records);
}

async function readAccounting(
  ids: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<AccountingRow[] | null> {
  if (ids.length === 0) return null;
  try {
    const rows: AccountingRow[] = [];
    await sacct(ids, env, (row) => rows.push(row));
    return rows;
  } catch (error) {
    if (error instanceof SlurmCommandError) return null;
    throw error;
  }
}

/** Handlers of the round before the last one. */
function submitterIds({ rounds }: Checkpoint): string[] {
  const before = rounds.at(-2);
  return before === undefined ? [] : handlerIds(before);
}

/**
 * The last round as the queue and accounting show it; rows of other jobs are passed over, so that one squeue of all of
 * a person's jobs serves many chains. A task that is in the queue has not ended, whatever accounting says.
 *
 * @param accounting null when it was not asked or did not answer
 */
export function liveRound(
  checkpoint: Checkpoint,
  rows: readonly QueueRow[],
  accounting: readonly AccountingRow[] | null,
  now = epochSeconds(),
  records: readonly CompletionRecord[] = [],
): LiveRound {
  const round = lastRound(checkpoint);
  const live: LiveRound = {
    at: now,
    round: round.number,
    accounting: accounting !== null,
    levels: new Map(round.jobs.map((job) => [job.level, noTasks()])),
    states: {},
    failures: [],
    coreSeconds: 0,
    pendingReasons: {},
    entries: 0,
    handlers: countHandlers(round.handlers, rows),
    submitter: rows.some((row) => submitterIds(checkpoint).includes(String(row.id.job))),
    firstStart: null,
  };
  const queued = placeTasks(round, rows, live);
  const outcomes = endedTasks(knownTasks(checkpoint, accounting ?? [], records), queued, live);
  const left = [...roundTasks(checkpoint, round)].filter((task) => !addQueued(task, queued, live));
  judgeEnded(checkpoint, left, outcomes, live);
  return live;
}

/** A handler whose dependency can never be satisfied moves nothing on, even where the site leaves it in the queue. */
function countHandlers(handlers: readonly HandlerJob[], rows: readonly QueueRow[]): number {
  const ids = new Set(handlers.map((handler) => handler.jobId));
  return rows.filter((row) => ids.has(String(row.id.job)) && row.reason !== 'DependencyNeverSatisfied')
    .length;
}

type Place = 'running' | 'pending';

/** Where the tasks that are in the queue are, by true index. Jobs that have no id yet are pending. */
function placeTasks(round: Round, rows: readonly QueueRow[], live: LiveRound): Map<number, Place> {
  const places = new Map<number, Place>();
  const trueIndices = new Map(round.jobs.map((job) => [job.jobId, indexLookup(job)]));
  for (const job of round.jobs) {
    if (job.jobId === null) for (const index of indices(job.indices)) places.set(index, 'pending');
  }
  for (const row of rows) {
    const lookup = trueIndices.get(String(row.id.job));
    if (lookup === undefined || stateTraits(row.state.state).terminal) continue;
    const place = WAITING.includes(row.state.state) ? 'pending' : 'running';
    const tasks = tasksOfRow(row).flatMap((task) => lookup(task) ?? []);
    for (const index of tasks) places.set(index, place);
    live.entries += 1;
    if (place === 'pending') {
      live.pendingReasons[row.reason] = (live.pendingReasons[row.reason] ?? 0) + tasks.length;
    }
  }
  return places;
}

/** From the task number that Slurm knows (null for a single job) to the true index. */
function indexLookup(job: RoundJob): (task: number | null) => number | undefined {
  if (job.array === null) return (task) => (task === null ? 0 : undefined);
  if (!job.mapped) return (task) => task ?? undefined;
  const mapped = indices(job.indices);
  return (task) => (task === null ? undefined : mapped[task]);
}

/** The tasks of a queue entry: `45_[3-10%2]` stands for eight. None when Slurm cut the list. */
function tasksOfRow({ id }: QueueRow): (number | null)[] {
  if (id.kind === 'task') return [id.task];
  if (id.kind === 'job') return [null];
  return id.kind === 'pending' && !id.truncated ? [...expand(parseArraySpec(id.spec))] : [];
}

function addQueued(
  { index, level }: RoundTask,
  queued: ReadonlyMap<number, Place>,
  live: LiveRound,
): boolean {
  const place = queued.get(index);
  if (place === undefined) return false;
  countsOf(live, level)[place] += 1;
  addState(live, place === 'running' ? 'RUNNING' : 'PENDING', 1);
  return true;
}

function countsOf(live: LiveRound, level: number): TaskCounts {
  const counts = live.levels.get(level);
  if (counts === undefined) throw new Error(`round ${live.round} has no level ${level}`);
  return counts;
}

function addState(live: LiveRound, state: JobState | 'UNKNOWN', tasks: number): void {
  if (tasks > 0) live.states[state] = (live.states[state] ?? 0) + tasks;
}

function knownTasks(
  checkpoint: Checkpoint,
  accounting: readonly AccountingRow[],
  records: readonly CompletionRecord[],
): RoundTasks {
  const tasks = new RoundTasks(checkpoint);
  tasks.addAccounting(accounting);
  // The queue is the controller's word: what it lists still is left out by the caller.
  for (const jobId of tasks.jobIds) tasks.addController(jobId, []);
  tasks.addRecords(records, (level) => checkpoint.ladder.levels[level]?.time ?? null);
  return tasks;
}

function endedTasks(
  tasks: RoundTasks,
  queued: ReadonlyMap<number, Place>,
  live: LiveRound,
): Map<number, TaskOutcome> {
  live.coreSeconds = coreSeconds(tasks.outcomes.values());
  const ended = new Map<number, TaskOutcome>();
  for (const outcome of tasks.outcomes.values()) {
    if (outcome.start !== null) live.firstStart = Math.min(live.firstStart ?? outcome.start, outcome.start);
    if (outcome.terminal && !queued.has(outcome.index)) ended.set(outcome.index, outcome);
  }
  return ended;
}

/** What the handler will make of the tasks that have ended, by the rule that it will use. */
function judgeEnded(
  checkpoint: Checkpoint,
  left: readonly RoundTask[],
  outcomes: Outcomes,
  live: LiveRound,
): void {
  const { ladder, request, excludedNodes } = checkpoint;
  const { blamed } = judgeNodes(left, outcomes, ladder.nodeExclusion, excludedNodes, live.at);
  for (const [level, counts] of live.levels) {
    const tasks = left.filter((task) => task.level === level);
    const decision = decide(tasks, outcomes, ladder, request.maxLevel, live.at, blamed);
    for (const [bucket, members] of Object.entries(decision.buckets)) {
      counts[bucket as keyof typeof decision.buckets] += members.length;
    }
    live.failures.push(...decision.failures);
  }
  for (const { index } of left) addState(live, outcomes.get(index)?.state ?? 'UNKNOWN', 1);
}

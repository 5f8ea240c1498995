import { pause as wait } from '../clock.js';
import { expand, parseArraySpec } from '../slurm/array-spec.js';
import { SlurmCommandError } from '../slurm/command-error.js';
import { JOB_STATES } from '../slurm/job-state.js';
import { type AccountingRow, sacct } from '../slurm/sacct.js';
import { type ControllerRow, scontrolShowJob } from '../slurm/scontrol.js';
import type { Round, RoundJob, TaskOutcome } from './checkpoint.js';
import { indices } from './index-set.js';

/** What is known of a round's tasks. */
export interface Observation {
  outcomes: ReadonlyMap<number, TaskOutcome>;
  /** Tasks whose end is not proved yet. */
  open: number;
}

/** Pauses between looks while accounting catches up, in seconds: it lags 0.1 to 5 s behind the controller. */
const ACCOUNTING_LAG = [0.2, 0.3, 0.5, 1, 1, 1];

/** A job of another life of the same id (ids start again when a controller loses its state) was submitted before this. */
const CLOCK_TOLERANCE = 24 * 3600;

/**
 * Finds out how the tasks of a round ended: from accounting, with a few looks while it lags, then from the
 * controller for what accounting does not know (or when it is down). What neither proves stays open.
 */
export async function observeRound(round: Round, env: NodeJS.ProcessEnv): Promise<Observation> {
  const tasks = new RoundTasks(round);
  for (const pause of [...ACCOUNTING_LAG, null]) {
    const reachable = await lookAtAccounting(tasks, env);
    if (tasks.open === 0 || !reachable || pause === null) break;
    await wait(pause);
  }
  if (tasks.open > 0 || tasks.exitLost) await lookAtController(tasks, env);
  return { outcomes: tasks.outcomes, open: tasks.open };
}

async function lookAtAccounting(tasks: RoundTasks, env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    tasks.addAccounting(await sacct(tasks.jobIds, env));
    return true;
  } catch (error) {
    if (error instanceof SlurmCommandError) return false;
    throw error;
  }
}

async function lookAtController(tasks: RoundTasks, env: NodeJS.ProcessEnv): Promise<void> {
  for (const jobId of tasks.jobIds) {
    try {
      tasks.addController(await scontrolShowJob(jobId, env));
    } catch (error) {
      if (!(error instanceof SlurmCommandError)) throw error;
    }
  }
}

/** The tasks of a round and what has been learnt of them. */
export class RoundTasks {
  readonly outcomes = new Map<number, TaskOutcome>();
  private readonly jobs: ReadonlyMap<
    string,
    { job: RoundJob; trueIndex: (task: number) => number | undefined }
  >;
  private readonly expected: number;

  constructor(private readonly round: Round) {
    this.jobs = new Map(
      round.jobs.flatMap((job) =>
        job.jobId === null ? [] : [[job.jobId, { job, trueIndex: trueIndices(job) }]],
      ),
    );
    this.expected = round.jobs.reduce((sum, job) => sum + job.count, 0);
  }

  get jobIds(): string[] {
    return [...this.jobs.keys()];
  }

  get open(): number {
    let ended = 0;
    for (const outcome of this.outcomes.values()) if (outcome.terminal) ended += 1;
    return this.expected - ended;
  }

  /** Whether accounting holds a failure without the exit code on which the policy may rest. */
  get exitLost(): boolean {
    return [...this.outcomes.values()].some(isExitLost);
  }

  addAccounting(rows: readonly AccountingRow[]): void {
    const steps = new Map<string, number>();
    for (const row of rows) {
      if (row.id.step === null || row.maxRss === null) continue;
      const task = row.id.kind === 'task' ? row.id.task : '';
      const key = `${row.id.job}_${task}`;
      steps.set(key, Math.max(steps.get(key) ?? 0, row.maxRss));
    }
    const ours = rows.filter((row) => row.id.step === null && !this.isOfAnotherLife(row));
    // The pending rest of an array goes first: it is stale, and tasks with rows of their own win, also while they run.
    for (const row of ours) if (row.id.kind === 'pending') this.addRow(row, steps);
    for (const row of ours) if (row.id.kind !== 'pending') this.addRow(row, steps);
  }

  /** Ids can be used again; a row from long before this round was submitted is not ours. */
  private isOfAnotherLife(row: AccountingRow): boolean {
    return row.submit !== null && row.submit < this.round.startedAt - CLOCK_TOLERANCE;
  }

  private addRow(row: AccountingRow, steps: ReadonlyMap<string, number>): void {
    const { id } = row;
    const terminal = row.state.state !== 'UNKNOWN' && JOB_STATES[row.state.state].terminal;
    const evidence = {
      state: row.state.state,
      terminal,
      exit: row.exit,
      scriptExit: null,
      node: row.nodes,
      elapsed: row.elapsed,
      cpus: row.cpus,
      start: row.start,
      end: row.end,
    };
    if (id.kind === 'task' || id.kind === 'job') {
      const task = id.kind === 'task' ? id.task : null;
      const maxRss = steps.get(`${id.job}_${task ?? ''}`) ?? null;
      this.add(String(id.job), task, { ...evidence, maxRss });
    } else if (id.kind === 'pending' && terminal && !id.truncated) {
      // The pending rest of an array that was cancelled.
      for (const task of expand(parseArraySpec(id.spec)))
        this.add(String(id.job), task, { ...evidence, maxRss: null }, false);
    }
  }

  addController(rows: readonly ControllerRow[]): void {
    for (const row of rows) {
      const terminal = row.state.state !== 'UNKNOWN' && JOB_STATES[row.state.state].terminal;
      if (!terminal) continue;
      const tasks = row.arrayTask === null ? [null] : expand(parseArraySpec(row.arrayTask));
      for (const task of tasks) {
        this.add(
          row.arrayJobId ?? row.jobId,
          task,
          {
            state: row.state.state,
            terminal,
            exit: row.exit,
            scriptExit: null,
            node: row.nodes,
            elapsed: row.elapsed,
            cpus: row.cpus,
            maxRss: null,
            start: null,
            end: null,
          },
          false,
        );
      }
    }
  }

  /** @param overwrite false for evidence that yields to a row of the task's own that has ended */
  private add(
    jobId: string,
    task: number | null,
    evidence: Omit<TaskOutcome, 'index' | 'job'>,
    overwrite = true,
  ): void {
    const known = this.jobs.get(jobId);
    // A job row of an array (or a task row of a single job) is not one of our tasks.
    if (known === undefined || (task === null) !== (known.job.array === null)) return;
    const index = task === null ? 0 : known.trueIndex(task);
    if (index === undefined) return;
    const before = this.outcomes.get(index);
    if (before?.terminal && !overwrite) {
      if (isExitLost(before)) this.outcomes.set(index, { ...before, exit: evidence.exit });
      return;
    }
    this.outcomes.set(index, { index, job: task === null ? jobId : `${jobId}_${task}`, ...evidence });
  }
}

/**
 * A failure with exit code 0: the script's was 128, which sacct prints as 0, or slurmdbd was away when the task ended
 * and has its state from a message that holds no exit code (Slurm 22.05). The controller has the true one.
 */
function isExitLost({ state, exit }: Pick<TaskOutcome, 'state' | 'exit'>): boolean {
  return state === 'FAILED' && exit.code === 0 && exit.signal === 0;
}

/** From the index that Slurm knows to the index that the task sees. */
function trueIndices(job: RoundJob): (task: number) => number | undefined {
  const known = indices(job.indices);
  if (job.mapped) return (task) => known[task];
  const members = new Set(known);
  return (task) => (members.has(task) ? task : undefined);
}

import { expand, parseArraySpec } from '../slurm/array-spec.js';
import { stateTraits } from '../slurm/job-state.js';
import type { AccountingRow } from '../slurm/sacct.js';
import type { ControllerRow } from '../slurm/scontrol.js';
import { type Checkpoint, lastRound, type RoundJob, type TaskOutcome } from './checkpoint.js';
import { type CompletionRecord, provedByRecord, scriptExit } from './completion-records.js';
import { type IndexSet, indices, placeOf, union } from './index-set.js';
import { type Evidence, OutcomeTable } from './outcome-table.js';
import { OwnRows } from './own-rows.js';

/** The rows of one accounting query, taken as they come. */
export interface AccountingLook {
  add(row: AccountingRow): void;
  /** To be called when all rows have come. */
  end(): void;
}

/** A task by its index and by what Slurm calls it. */
export interface NamedTask {
  index: number;
  job: number;
  task: number;
}

/** The tasks of a round and what has been learnt of them. */
export class RoundTasks {
  readonly outcomes: OutcomeTable;
  /** Rests of arrays that still wait, by the newest look at accounting. */
  private waiting: AccountingRow[] = [];
  private readonly own: OwnRows;
  private readonly indices: IndexSet;
  private readonly jobs = new Map<number, { job: RoundJob; known: IndexSet }>();
  /** Jobs of which the controller said what it knows, if anything, and tasks that it still holds. */
  private readonly answered = new Set<number>();
  /** Jobs of which it still holds anything. */
  private readonly remembered = new Set<number>();
  private readonly live = new Set<number>();

  constructor(checkpoint: Pick<Checkpoint, 'rounds' | 'events' | 'evidence'>) {
    const round = lastRound(checkpoint);
    const sets = round.jobs.map((job) => indices(job.indices));
    round.jobs.forEach((job, place) => {
      const known = sets[place];
      if (job.jobId !== null && known !== undefined) this.jobs.set(Number(job.jobId), { job, known });
    });
    this.own = new OwnRows(checkpoint);
    this.indices = union(sets);
    this.outcomes = new OutcomeTable(this.indices);
  }

  get jobIds(): string[] {
    return [...this.jobs.keys()].map(String);
  }

  get open(): number {
    return this.outcomes.open;
  }

  /** Whether accounting holds a failure without the exit code on which the policy may rest. */
  get exitLost(): boolean {
    for (const outcome of this.outcomes.values()) if (isExitLost(outcome)) return true;
    return false;
  }

  addAccounting(rows: Iterable<AccountingRow>): void {
    const look = this.lookAtAccounting();
    for (const row of rows) look.add(row);
    look.end();
  }

  /**
   * sacct prints the steps of a task behind its own row. The pending rest of an array waits for the end: it is stale,
   * and tasks with rows of their own win, also while they run.
   */
  lookAtAccounting(): AccountingLook {
    const seen = new Uint8Array(this.indices.length);
    const rests: AccountingRow[] = [];
    let own = false;
    return {
      add: (row) => {
        if (row.id.step === null) own = this.isOwn(row);
        if (!own) return;
        if (row.id.kind === 'pending') rests.push(row);
        else this.addRow(row, seen);
      },
      end: () => {
        for (const row of rests) this.addRest(row, seen);
        this.waiting = rests.filter(({ state }) => !stateTraits(state.state).terminal);
      },
    };
  }

  private isOwn(row: AccountingRow): boolean {
    const token = this.jobs.get(row.id.job)?.job.token;
    return token !== undefined && this.own.inAccounting(token, row);
  }

  private addRow(row: AccountingRow, seen: Uint8Array): void {
    const { id } = row;
    if (id.kind !== 'task' && id.kind !== 'job') return;
    const task = id.kind === 'task' ? id.task : null;
    const index = this.trueIndex(id.job, task);
    if (index === undefined) return;
    if (id.step === null) {
      seen[placeOf(this.indices, index)] = 1;
      this.outcomes.set(index, id.job, task, evidenceOf(row));
    } else if (row.maxRss !== null) {
      this.outcomes.raiseMaxRss(index, row.maxRss);
    }
  }

  /** The pending rest of an array that was cancelled. */
  private addRest(row: AccountingRow, seen: Uint8Array): void {
    const { id } = row;
    if (id.kind !== 'pending' || id.truncated || !stateTraits(row.state.state).terminal) return;
    for (const task of expand(parseArraySpec(id.spec))) {
      const index = this.trueIndex(id.job, task);
      if (index === undefined || seen[placeOf(this.indices, index)] === 1) continue;
      this.fillGap(index, id.job, task, evidenceOf(row));
    }
  }

  /** @param rows what the controller answered when asked for the job; none when it has forgotten it */
  addController(jobId: string, rows: readonly ControllerRow[]): void {
    this.answered.add(Number(jobId));
    const token = this.jobs.get(Number(jobId))?.job.token;
    const own = token === undefined ? [] : rows.filter((row) => this.own.inController(token, row));
    if (own.length > 0) this.remembered.add(Number(jobId));
    for (const row of own) {
      const job = Number(row.arrayJobId ?? row.jobId);
      const evidence = evidenceOf({ ...row, start: null, end: null });
      const tasks = row.arrayTask === null ? [null] : expand(parseArraySpec(row.arrayTask));
      for (const task of tasks) {
        const index = this.trueIndex(job, task);
        if (index === undefined) continue;
        if (evidence.terminal) this.fillGap(index, job, task, evidence);
        else this.live.add(index);
      }
    }
  }

  /**
   * Completes what is known by what the scripts' wrappers wrote down. On its own a record decides of a task that the
   * controller has forgotten; when it could not be asked, the task may be in the queue still.
   *
   * @param limitOf the time limit of a level in seconds; null when it is not known
   */
  addRecords(records: readonly CompletionRecord[], limitOf: (level: number) => number | null): void {
    for (const record of records) {
      const jobId = Number(record.job);
      const index = this.trueIndex(jobId, record.task);
      if (index === undefined) continue;
      const before = this.outcomes.get(index);
      const forgotten = this.answered.has(jobId) && !this.live.has(index);
      const limit = limitOf(this.jobs.get(jobId)?.job.level ?? 0);
      const evidence = before?.terminal
        ? completed(before, record)
        : forgotten && recordEvidence(record, limit, before?.maxRss ?? null);
      if (evidence) this.outcomes.set(index, jobId, record.task, evidence);
    }
  }

  /**
   * Tasks of which nobody knows anything, while others of their array are known: to accounting, and to the controller
   * as well unless `forgotten` jobs count too.
   */
  withoutTrace({ forgotten }: { forgotten: boolean }): NamedTask[] {
    const waits = new Set(this.waiting.flatMap(({ id }) => tasksOfRest(id)));
    return [...this.jobs].flatMap(([id, { job, known }]) => {
      const named = (index: number, place: number) => ({ index, job: id, task: job.mapped ? place : index });
      const all = job.array === null ? [] : [...known].map(named);
      const untold = all.filter(({ index }) => this.outcomes.get(index) === undefined);
      if (untold.length === all.length || !(forgotten || this.remembered.has(id))) return [];
      return untold.filter(({ task }) => !waits.has(`${id}_${task}`));
    });
  }

  /** A task that was cancelled before it started. */
  addCancelled({ index, job, task }: NamedTask): void {
    this.outcomes.set(index, job, task, {
      state: 'CANCELLED',
      terminal: true,
      exit: { code: 0, signal: 0 },
      scriptExit: null,
      node: null,
      elapsed: 0,
      cpus: 0,
      maxRss: null,
      start: null,
      end: null,
    });
  }

  /** Evidence that yields to a row of the task's own that has ended. */
  private fillGap(index: number, job: number, task: number | null, evidence: Evidence): void {
    const before = this.outcomes.get(index);
    if (!before?.terminal) this.outcomes.set(index, job, task, evidence);
    else if (isExitLost(before)) this.outcomes.set(index, job, task, { ...before, exit: evidence.exit });
  }

  /** A job row of an array (or a task row of a single job) is not one of our tasks. */
  private trueIndex(jobId: number, task: number | null): number | undefined {
    const found = this.jobs.get(jobId);
    if (found === undefined || (task === null) !== (found.job.array === null)) return undefined;
    if (task === null) return 0;
    if (found.job.mapped) return found.known[task];
    return placeOf(found.known, task) < 0 ? undefined : task;
  }
}

/** `806_3` and so on; what Slurm has cut cannot be told apart. */
function tasksOfRest(id: AccountingRow['id']): string[] {
  if (id.kind !== 'pending' || id.truncated) return [];
  return [...expand(parseArraySpec(id.spec))].map((task) => `${id.job}_${task}`);
}

function evidenceOf(
  row: Pick<AccountingRow, 'state' | 'exit' | 'nodes' | 'elapsed' | 'cpus' | 'start' | 'end'>,
): Evidence {
  return {
    state: row.state.state,
    terminal: stateTraits(row.state.state).terminal,
    exit: row.exit,
    scriptExit: null,
    node: row.nodes,
    elapsed: row.elapsed,
    cpus: row.cpus,
    maxRss: null,
    start: row.start,
    end: row.end,
  };
}

/** What a record alone proves; null when that is nothing. */
function recordEvidence(
  record: CompletionRecord,
  limit: number | null,
  maxRss: number | null,
): Evidence | null {
  const proof = provedByRecord(record, limit);
  if (proof === null) return null;
  const { start, cpus } = record;
  const end = record.end ?? record.term;
  const node = record.node || record.host;
  const elapsed = (end ?? start) - start;
  return {
    ...proof,
    terminal: true,
    scriptExit: scriptExit(record),
    node,
    elapsed,
    cpus,
    maxRss,
    start,
    end,
  };
}

/** An outcome that Slurm told, with what it does not tell: the script's own end, and the controller no times. */
function completed(outcome: TaskOutcome, record: CompletionRecord): Evidence {
  const exit = scriptExit(record);
  const lost = exit !== null && isExitLost(outcome) && exit.code + exit.signal > 0;
  return {
    ...outcome,
    exit: lost ? exit : outcome.exit,
    scriptExit: exit,
    start: outcome.start ?? record.start,
    end: outcome.end ?? record.end ?? record.term,
  };
}

/**
 * A failure with exit code 0: the script's was 128, which sacct prints as 0, or slurmdbd was away when the task ended
 * and has its state from a message that holds no exit code (Slurm 22.05). The controller has the true one.
 */
function isExitLost({ state, exit }: Pick<TaskOutcome, 'state' | 'exit'>): boolean {
  return state === 'FAILED' && exit.code === 0 && exit.signal === 0;
}

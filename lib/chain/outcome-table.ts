import type { ExitCode } from '../slurm/exit-code.js';
import { JOB_STATES, type JobState } from '../slurm/job-state.js';
import type { Outcomes, TaskOutcome } from './checkpoint.js';
import { type IndexSet, placeOf } from './index-set.js';

/** What is known of an attempt, beside whose it is. */
export type Evidence = Omit<TaskOutcome, 'index' | 'job'>;

const STATES: readonly (JobState | 'UNKNOWN')[] = ['UNKNOWN', ...(Object.keys(JOB_STATES) as JobState[])];
const CODES = new Map(STATES.map((state, code) => [state, code]));

/** In the column of tasks, for a job that is not an array. */
const NO_TASK = -1;

/** In the column of exit codes of scripts. */
const NO_CODE = -1;

/** In `marks`. */
const NOTHING = 0;
const OPEN = 1;
const ENDED = 2;

/**
 * The outcomes of a round in columns, by the place of their index in the round: some 60 bytes a task, where a Map of
 * objects takes 300 and the garbage collector's time. What is not known is NaN.
 */
export class OutcomeTable implements Outcomes {
  private readonly marks: Uint8Array;
  private readonly states: Uint8Array;
  private readonly exits: Uint16Array;
  private readonly signals: Uint16Array;
  /** Of the script itself; a negative code for one that is not known. */
  private readonly scriptExits: Int16Array;
  private readonly scriptSignals: Uint8Array;
  private readonly jobs: Float64Array;
  private readonly tasks: Int32Array;
  private readonly nodes: (string | null)[];
  private readonly elapsed: Float64Array;
  private readonly cpus: Float64Array;
  private readonly maxRss: Float64Array;
  private readonly starts: Float64Array;
  private readonly ends: Float64Array;

  constructor(private readonly indices: IndexSet) {
    const { length } = indices;
    this.marks = new Uint8Array(length);
    this.states = new Uint8Array(length);
    this.exits = new Uint16Array(length);
    this.signals = new Uint16Array(length);
    this.scriptExits = new Int16Array(length);
    this.scriptSignals = new Uint8Array(length);
    this.jobs = new Float64Array(length);
    this.tasks = new Int32Array(length);
    this.nodes = new Array<string | null>(length).fill(null);
    this.elapsed = new Float64Array(length);
    this.cpus = new Float64Array(length);
    this.maxRss = new Float64Array(length);
    this.starts = new Float64Array(length);
    this.ends = new Float64Array(length);
  }

  /** How many tasks have not ended, as far as is known. */
  get open(): number {
    return this.marks.reduce((sum, mark) => (mark === ENDED ? sum : sum + 1), 0);
  }

  /** @param task the number that Slurm knows; null for a job that is not an array */
  set(index: number, job: number, task: number | null, evidence: Evidence): void {
    const place = placeOf(this.indices, index);
    if (place < 0) return;
    this.marks[place] = evidence.terminal ? ENDED : OPEN;
    this.states[place] = CODES.get(evidence.state) ?? 0;
    this.exits[place] = evidence.exit.code;
    this.signals[place] = evidence.exit.signal;
    this.scriptExits[place] = evidence.scriptExit?.code ?? NO_CODE;
    this.scriptSignals[place] = evidence.scriptExit?.signal ?? 0;
    this.jobs[place] = job;
    this.tasks[place] = task ?? NO_TASK;
    this.nodes[place] = evidence.node;
    this.elapsed[place] = evidence.elapsed;
    this.cpus[place] = evidence.cpus ?? Number.NaN;
    this.maxRss[place] = evidence.maxRss ?? Number.NaN;
    this.starts[place] = evidence.start ?? Number.NaN;
    this.ends[place] = evidence.end ?? Number.NaN;
  }

  /** Keeps the greatest. */
  raiseMaxRss(index: number, bytes: number): void {
    const place = placeOf(this.indices, index);
    if (place >= 0) this.maxRss[place] = Math.max(known(this.maxRss[place]) ?? 0, bytes);
  }

  get(index: number): TaskOutcome | undefined {
    const place = placeOf(this.indices, index);
    return place < 0 ? undefined : this.at(place);
  }

  /** By ascending index. */
  *values(): Generator<TaskOutcome> {
    for (let place = 0; place < this.indices.length; place += 1) {
      const outcome = this.at(place);
      if (outcome !== undefined) yield outcome;
    }
  }

  private scriptExitAt(place: number): ExitCode | null {
    const code = this.scriptExits[place] ?? NO_CODE;
    return code === NO_CODE ? null : { code, signal: this.scriptSignals[place] ?? 0 };
  }

  private at(place: number): TaskOutcome | undefined {
    const mark = this.marks[place];
    if (mark === NOTHING) return undefined;
    const task = this.tasks[place] ?? NO_TASK;
    const job = String(this.jobs[place]);
    return {
      index: this.indices[place] ?? 0,
      job: task === NO_TASK ? job : `${job}_${task}`,
      state: STATES[this.states[place] ?? 0] ?? 'UNKNOWN',
      terminal: mark === ENDED,
      exit: { code: this.exits[place] ?? 0, signal: this.signals[place] ?? 0 },
      scriptExit: this.scriptExitAt(place),
      node: this.nodes[place] ?? null,
      elapsed: this.elapsed[place] ?? 0,
      cpus: known(this.cpus[place]),
      maxRss: known(this.maxRss[place]),
      start: known(this.starts[place]),
      end: known(this.ends[place]),
    };
  }
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/**
 * What a state says of the work. `none`: nothing yet. Everything that is terminal, neither success nor cancelled, is a
 * failure, whoever's fault it was.
 */
export type Outcome = 'success' | 'failure' | 'cancelled' | 'none';

export interface StateTraits {
  /** What `squeue %t` prints; null for flags that it never shows. */
  code: string | null;
  /** The run is over. A terminal row of sacct can be followed by that of another run, when the job is requeued. */
  terminal: boolean;
  outcome: Outcome;
}

const over = (code: string, outcome: Outcome) => ({ code, terminal: true, outcome }) as const;
const open = (code: string | null) => ({ code, terminal: false, outcome: 'none' }) as const;

/** Base states: every job is in one of them (squeue(1) and sacct(1), JOB STATE CODES). */
const BASE_STATES = {
  PENDING: open('PD'),
  RUNNING: open('R'),
  SUSPENDED: open('S'),
  COMPLETED: over('CD', 'success'),
  CANCELLED: over('CA', 'cancelled'),
  FAILED: over('F', 'failure'),
  TIMEOUT: over('TO', 'failure'),
  NODE_FAIL: over('NF', 'failure'),
  PREEMPTED: over('PR', 'failure'),
  BOOT_FAIL: over('BF', 'failure'),
  DEADLINE: over('DL', 'failure'),
  OUT_OF_MEMORY: over('OOM', 'failure'),
} as const satisfies Record<string, StateTraits>;

/**
 * Flags on a base state that Slurm shows instead of it, most telling first. None is terminal: a completing job can
 * still be requeued, the special exits are requeued and held, and a revoked one lives on in another cluster.
 */
const SHOWN_FLAGS = {
  COMPLETING: open('CG'),
  STAGE_OUT: open('SO'),
  CONFIGURING: open('CF'),
  RESIZING: open('RS'),
  REQUEUED: open('RQ'),
  REQUEUE_FED: open('RF'),
  REQUEUE_HOLD: open('RH'),
  SPECIAL_EXIT: open('SE'),
  STOPPED: open('ST'),
  REVOKED: open('RV'),
  RESV_DEL_HOLD: open('RD'),
  SIGNALING: open('SI'),
  EXPEDITING: open(null),
} as const satisfies Record<string, StateTraits>;

/** Flags that only the REST and JSON forms name, beside a base state that says more. */
const HIDDEN_FLAGS = {
  LAUNCH_FAILED: open(null),
  UPDATE_DB: open(null),
  RECONFIG_FAIL: open(null),
  POWER_UP_NODE: open(null),
} as const satisfies Record<string, StateTraits>;

/** Every state of a Slurm job. */
export const JOB_STATES = { ...SHOWN_FLAGS, ...BASE_STATES, ...HIDDEN_FLAGS } as const;

export type JobState = keyof typeof JOB_STATES;

/** The names in the order in which a job that bears several is called. */
const BY_PRECEDENCE = Object.keys(JOB_STATES) as JobState[];

const BY_WORD = new Map<string, JobState>(
  BY_PRECEDENCE.flatMap((state) => {
    const { code } = JOB_STATES[state];
    return code === null
      ? [[state, state]]
      : [
          [state, state],
          [code, state],
        ];
  }),
);

export interface ParsedJobState {
  /** UNKNOWN for a word that this table does not list. */
  state: JobState | 'UNKNOWN';
  /** The user id behind `CANCELLED by 30065`; null when Slurm does not tell. */
  cancelledBy: number | null;
  raw: string;
}

/** A state that is not listed decides nothing: the job counts as not ended. */
const UNKNOWN_TRAITS: StateTraits = open(null);

export function stateTraits(state: JobState | 'UNKNOWN'): StateTraits {
  return state === 'UNKNOWN' ? UNKNOWN_TRAITS : JOB_STATES[state];
}

/**
 * Reads a state as sacct, squeue, scontrol or the JSON forms print it: `CANCELLED by 30065`, its cut form
 * `CANCELLED+`, `oom`, `RUNNING|COMPLETING`. Never throws; what it cannot tell for sure is UNKNOWN.
 */
export function parseJobState(raw: string): ParsedJobState {
  const text = raw.trim().toUpperCase();
  const exact = BY_WORD.get(text);
  if (exact !== undefined) return { state: exact, cancelledBy: null, raw };
  const cancelled = /^CANCELLED BY (\d+)$/.exec(text);
  if (cancelled !== null) return { state: 'CANCELLED', cancelledBy: Number(cancelled[1]), raw };
  const state = text.endsWith('+') ? wordCutFrom(text.slice(0, -1)) : composite(text.split(/[|+,]/));
  return { state, cancelledBy: null, raw };
}

/**
 * One base state and flags, in any order. Every word must be known: beside a flag that we do not know, COMPLETED may
 * not mean that the job has ended.
 */
function composite(words: readonly string[]): JobState | 'UNKNOWN' {
  const states = words.map((word) => BY_WORD.get(word.trim()));
  const bases = new Set(states.filter((state) => state !== undefined && state in BASE_STATES));
  if (states.includes(undefined) || bases.size > 1) return 'UNKNOWN';
  return BY_PRECEDENCE.find((state) => states.includes(state)) ?? 'UNKNOWN';
}

/** sacct cuts a column to its width and marks it: `OUT_OF_ME+`. Fewer letters than these may mean a state to come. */
const SUREST_CUT = 5;

/**
 * The one state that is longer than what was left of it. Only CANCELLED is followed by more words, so
 * `COMPLETED+` is no success.
 */
function wordCutFrom(start: string): JobState | 'UNKNOWN' {
  if (start.length < SUREST_CUT) return 'UNKNOWN';
  // Cut within the user id, that is not known any more.
  if ('CANCELLED BY '.startsWith(start) || /^CANCELLED BY \d+$/.test(start)) return 'CANCELLED';
  const candidates = BY_PRECEDENCE.filter((state) => state.startsWith(start) && state !== start);
  return candidates.length === 1 && candidates[0] !== undefined ? candidates[0] : 'UNKNOWN';
}

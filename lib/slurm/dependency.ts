import { FormatError } from '../format-error.js';

/** Kinds of sbatch(1), `--dependency`, that wait for named jobs. */
export const DEPENDENCY_KINDS = [
  'after', // started or cancelled, with `+minutes` that long ago
  'afterany', // ended
  'afterburstbuffer', // ended and staged out
  'aftercorr', // task i after task i of the other array
  'afternotok', // failed; of an array: any task, once all have ended
  'afterok', // succeeded; of an array: all tasks
] as const;

export type DependencyKind = (typeof DEPENDENCY_KINDS)[number];

/** How squeue's `%E` marks each condition. What has been fulfilled it leaves out. */
export const DEPENDENCY_STATUSES = ['unfulfilled', 'fulfilled', 'failed'] as const;

export type DependencyStatus = (typeof DEPENDENCY_STATUSES)[number];

export interface DependencyTarget {
  /** `806`, `806_3`, and from squeue `806_*` for a whole array. */
  job: string;
  /** Only behind `after`; null for no delay. */
  minutes: number | null;
  /** Null in what is submitted. */
  status: DependencyStatus | null;
}

export type DependencyClause =
  | { kind: DependencyKind; targets: DependencyTarget[] }
  /** After all jobs of the same name and user. */
  | { kind: 'singleton'; status: DependencyStatus | null };

export interface Dependency {
  /** `,` needs all clauses, `?` one of them: with `?` the jobs of one clause are alternatives as well. */
  join: 'all' | 'any';
  clauses: DependencyClause[];
}

const SEPARATORS = { all: ',', any: '?' } as const;

const EXPECTED = `kind:job[:job...] joined by either "," or "?", kind one of ${DEPENDENCY_KINDS.join(', ')}, or singleton`;

const STATUS = `(?:\\((${DEPENDENCY_STATUSES.join('|')})\\))?`;
const SINGLETON = new RegExp(`^singleton${STATUS}$`);
const CLAUSE = new RegExp(`^(${DEPENDENCY_KINDS.join('|')}):(.+)$`);
const TARGET = new RegExp(`^([1-9]\\d{0,9}(?:_(?:\\d{1,10}|\\*))?)(?:\\+(\\d{1,9}))?${STATUS}$`);

/**
 * What `--dependency` takes or squeue's `%E` prints. A well-formed one proves little: Slurm counts a condition on a job
 * that it does not know, or has forgotten, as fulfilled, even afternotok of a job that succeeded.
 *
 * @returns null for none: squeue's `(null)`
 * @throws FormatError
 */
export function parseDependency(text: string): Dependency | null {
  if (text === '(null)') return null;
  const join = text.includes('?') ? 'any' : 'all';
  return { join, clauses: text.split(SEPARATORS[join]).map((clause) => parseClause(clause, text)) };
}

function parseClause(clause: string, text: string): DependencyClause {
  const alone = SINGLETON.exec(clause);
  if (alone !== null) return { kind: 'singleton', status: statusOf(alone[1]) };
  const match = CLAUSE.exec(clause);
  if (match === null) throw new FormatError('dependency', text, EXPECTED);
  const kind = match[1] as DependencyKind;
  return { kind, targets: (match[2] ?? '').split(':').map((target) => parseTarget(kind, target, text)) };
}

function parseTarget(kind: DependencyKind, target: string, text: string): DependencyTarget {
  const [, job, minutes, status] = TARGET.exec(target) ?? [];
  if (job === undefined) throw new FormatError('dependency', text, EXPECTED);
  if (minutes !== undefined && kind !== 'after')
    throw new FormatError('dependency', text, '+minutes only with after');
  return { job, minutes: minutes === undefined ? null : Number(minutes), status: statusOf(status) };
}

function statusOf(word: string | undefined): DependencyStatus | null {
  return DEPENDENCY_STATUSES.find((status) => status === word) ?? null;
}

/** The value of `--dependency`, without what squeue says of its state. */
export function formatDependency({ join, clauses }: Dependency): string {
  return clauses.map(formatClause).join(SEPARATORS[join]);
}

function formatClause(clause: DependencyClause): string {
  if (clause.kind === 'singleton') return clause.kind;
  const targets = clause.targets.map(({ job, minutes }) => (minutes === null ? job : `${job}+${minutes}`));
  return [clause.kind, ...targets].join(':');
}

/**
 * `afterany:806:807`. Behind `afternotok`, a job id of an array means: at least one of its tasks, once all have ended.
 *
 * @param ids as Slurm gave them, or what stands for them where nothing is submitted
 * @throws FormatError without any
 */
export function dependencyOn(kind: DependencyKind, ids: readonly string[]): string {
  if (ids.length === 0) throw new FormatError('dependency', `${kind}:`, 'at least one job id');
  return formatClause({ kind, targets: ids.map((job) => ({ job, minutes: null, status: null })) });
}

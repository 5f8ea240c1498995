import { ArraySpecError, expand, parseArraySpec } from '../../slurm/array-spec.js';
import { DEPENDENCY_KINDS, type DependencyKind } from '../../slurm/dependency.js';
import { Refusal } from '../refusal.js';

/** One thing that a job waits for. */
export type Condition =
  | { kind: 'singleton' }
  /** `index` null for the whole job, an array's every task; `minutes` after it. */
  | { kind: DependencyKind; job: number; index: number | null; minutes: number };

export interface DependencySpec {
  join: 'all' | 'any';
  conditions: Condition[];
}

const TARGET = /^([1-9]\d{0,9})(?:_(\d{1,10}|\*|\[[\d,:-]+\]))?(?:\+0*([1-9]\d{0,8}))?$/;

/**
 * What slurmctld makes of `--dependency`: more than its manual says, letters of either case and brackets included.
 *
 * @returns null for ''
 * @throws Refusal
 */
export function parseDependencySpec(text: string): DependencySpec | null {
  if (text === '') return null;
  const join = text.includes('?') ? 'any' : 'all';
  return { join, conditions: text.split(/[,?]/).flatMap(parseClause) };
}

function parseClause(clause: string): Condition[] {
  const [word = '', ...targets] = clause.split(':');
  const kind = word.toLowerCase();
  if (kind === 'singleton' && targets.length === 0) return [{ kind }];
  if (kind === 'expand') throw new Refusal('Requested operation not supported on this system');
  const known = DEPENDENCY_KINDS.find((name) => name === kind);
  if (known === undefined || targets.length === 0) throw problem();
  return targets.flatMap((target) => parseTarget(known, target));
}

function parseTarget(kind: DependencyKind, target: string): Condition[] {
  const [, id, part, delay] = TARGET.exec(target) ?? [];
  if (id === undefined) throw problem();
  const job = Number(id);
  const minutes = Number(delay ?? 0);
  if (part === undefined || part === '*') return [{ kind, job, index: null, minutes }];
  try {
    return [...expand(parseArraySpec(part, { maxTasks: 100_000 }))].map((index) => ({
      kind,
      job,
      index,
      minutes,
    }));
  } catch (error) {
    if (error instanceof ArraySpecError) throw problem();
    throw error;
  }
}

function problem(): Refusal {
  return new Refusal('Job dependency problem');
}

/** What parseDependencySpec reads back as the same. */
export function formatDependencySpec({ join, conditions }: DependencySpec): string {
  return conditions.map(formatCondition).join(join === 'all' ? ',' : '?');
}

function formatCondition(condition: Condition): string {
  if (condition.kind === 'singleton') return condition.kind;
  const { kind, job, index, minutes } = condition;
  return `${kind}:${job}${index === null ? '' : `_${index}`}${minutes === 0 ? '' : `+${minutes}`}`;
}

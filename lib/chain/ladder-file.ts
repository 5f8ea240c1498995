import type { AfterokError } from '../errors.js';
import { FormatError } from '../format-error.js';
import { nearest } from '../nearest.js';
import type { Path } from '../positioned-text.js';
import { type FileKind, SchemaFile } from '../schema-file.js';
import { parseDuration, parseTimeLimit } from '../slurm/duration.js';
import { JOB_STATES, type JobState } from '../slurm/job-state.js';
import { parseMemory } from '../slurm/memory-size.js';
import { type AxesFile, readAxes } from './axes-file.js';
import {
  type Action,
  DEFAULT_MAX_ARRAY_SPEC_LENGTH,
  DEFAULT_POLICY,
  DEFAULT_RETRY_LIMIT,
  type HandlerRequest,
  type Ladder,
  type Level,
  type StatePolicy,
} from './ladder.js';
import { type LimitsKey, type NodeExclusionKey, readLimits, readNodeExclusion } from './ladder-limits.js';
import type { OomExit0 } from './oom-exit.js';
import type { RetryBudget, RetryBudgets } from './retry-budget.js';

/** A ladder file as the schema admits it; config/schemas/ladder.schema.json */
type LadderFile = LadderSettings &
  ({ ladder?: 'levels'; levels: Record<string, string | number>[] } | ({ ladder: 'axes' } & AxesFile));

/** What goes with levels and with axes. */
interface LadderSettings {
  state_handling?: Record<string, Action | Record<string, Action>>;
  handler?: Record<string, string | number>;
  max_array_spec_len?: number;
  retry_limit?: number;
  limits?: LimitsKey;
  node_exclusion?: NodeExclusionKey;
  retry?: Record<string, { count?: number; duration?: string | number }>;
  oom_exit0?: OomExit0;
  completion_records?: boolean;
  logging?: { enabled?: boolean; db_path?: string };
}

/**
 * Reads a ladder file.
 *
 * @throws AfterokError naming file, line, column, and what was expected
 */
export function readLadderFile(file: string): Ladder {
  return ladderOf(SchemaFile.read<LadderFile>(file, LADDER_FILE));
}

/** The same of a text; `file` is for messages alone. */
export function parseLadder(text: string, file: string): Ladder {
  return ladderOf(SchemaFile.parse<LadderFile>(text, file, LADDER_FILE));
}

function ladderOf({ source, value }: { source: SchemaFile; value: LadderFile }): Ladder {
  return new LadderReader(source).read(value);
}

const LADDER_FILE: FileKind = {
  noun: 'ladder',
  code: 'bad-ladder',
  schema: 'ladder.schema.json',
  // What kind of ladder it is comes first: the rest is judged by it.
  decisive: 'ladder',
  explain: (error, path) => {
    if (error.keyword === 'false schema')
      return `goes with "ladder: ${error.schemaPath.includes('/then/') ? 'levels' : 'axes'}"`;
    return error.keyword === 'pattern'
      ? `found ${JSON.stringify(error.data)}, expected ${patternText(path)}`
      : null;
  },
};

class LadderReader {
  constructor(private readonly source: SchemaFile) {}

  read(file: LadderFile): Ladder {
    const at = <T>(path: Path, parse: () => T) => this.value(path, parse);
    const retryLimit = file.retry_limit ?? DEFAULT_RETRY_LIMIT;
    const retryBudgets = this.budgets(file.retry ?? {}, retryLimit);
    return {
      file: this.source.file,
      ...(file.ladder === 'axes' ? readAxes(file, this) : this.jointLevels(file.levels)),
      policy: this.policy(file.state_handling ?? {}, retryBudgets),
      handler: this.handler(file.handler ?? {}),
      maxArraySpecLength: file.max_array_spec_len ?? DEFAULT_MAX_ARRAY_SPEC_LENGTH,
      caps: readLimits(file.limits ?? {}, at),
      nodeExclusion: readNodeExclusion(file.node_exclusion ?? {}, at),
      retryLimit,
      retryBudgets,
      oomExit0: file.oom_exit0 ?? 'retry',
      completionRecords: file.completion_records ?? false,
      history: { enabled: file.logging?.enabled ?? true, database: file.logging?.db_path ?? null },
    };
  }

  private jointLevels(asks: Record<string, string | number>[]): Pick<Ladder, 'levels' | 'axes'> {
    const levels = asks.map((level, position) => this.level(level, ['levels', position]));
    this.checkGrowth(levels);
    return { levels, axes: null };
  }

  level(level: Record<string, string | number>, path: Path): Level {
    const { cpus = null } = level;
    return {
      ...this.resources(level, path),
      partition: word(level.partition),
      qos: word(level.qos),
      account: word(level.account),
      constraint: word(level.constraint),
      gres: word(level.gres),
      exclude: word(level.exclude),
      cpus: cpus === null ? null : Number(cpus),
    };
  }

  private handler(handler: Record<string, string | number>): HandlerRequest {
    return {
      ...this.resources(handler, ['handler']),
      partition: word(handler.partition),
      account: word(handler.account),
      qos: word(handler.qos),
    };
  }

  private resources({ mem, time }: Record<string, string | number>, path: Path): Pick<Level, 'mem' | 'time'> {
    return {
      mem: mem === undefined ? null : this.value([...path, 'mem'], () => perNode(mem)),
      time: time === undefined ? null : this.value([...path, 'time'], () => parseTimeLimit(time)),
    };
  }

  /** A higher level that offers less would send a task that ran out of something to where it has even less. */
  private checkGrowth(levels: readonly Level[]): void {
    for (const key of ['mem', 'time'] as const) {
      let highest = 0;
      levels.forEach((level, position) => {
        // --mem=0 stands for all memory of a node: nothing is more.
        const amount = key === 'mem' && level.mem === 0 ? Number.POSITIVE_INFINITY : level[key];
        if (amount === null) return;
        if (amount < highest) {
          throw this.error(
            ['levels', position, key],
            `the ladder shrinks: ${key} is less than at a level before`,
          );
        }
        highest = amount;
      });
    }
  }

  private policy(
    handling: Record<string, Action | Record<string, Action>>,
    budgets: RetryBudgets,
  ): StatePolicy {
    const { exit_codes: codes = {}, ...states } = handling;
    this.checkStates('state_handling', Object.keys(states));
    const budgeted = Object.fromEntries(Object.keys(budgets).map((state) => [state, 'retry' as const]));
    const exitCodes = new Map(DEFAULT_POLICY.exitCodes);
    for (const [code, action] of Object.entries(codes)) exitCodes.set(Number(code), action as Action);
    return {
      states: { ...DEFAULT_POLICY.states, ...budgeted, ...(states as Partial<Record<JobState, Action>>) },
      exitCodes: [...exitCodes],
    };
  }

  private budgets(
    wishes: Record<string, { count?: number; duration?: string | number }>,
    retryLimit: number,
  ): RetryBudgets {
    this.checkStates('retry', Object.keys(wishes));
    const budgets = Object.entries(wishes).map(([state, wish]): [string, RetryBudget] => {
      const { count = retryLimit, duration } = wish;
      const path = ['retry', state, 'duration'];
      const seconds = duration === undefined ? null : this.value(path, () => parseDuration(duration));
      if (seconds === 0) throw this.error(path, 'no time to retry in');
      return [state, { count, duration: seconds === Number.POSITIVE_INFINITY ? null : seconds }];
    });
    return Object.fromEntries(budgets);
  }

  private checkStates(key: string, states: readonly string[]): void {
    for (const state of states) {
      if (Object.hasOwn(JOB_STATES, state)) continue;
      const hint = nearest(state.toUpperCase(), Object.keys(JOB_STATES));
      throw this.error([key, state], `unknown Slurm state "${state}"; did you mean ${hint}?`);
    }
  }

  private value<T>(path: Path, parse: () => T): T {
    return this.source.parsed(path, parse);
  }

  error(path: Path, message: string): AfterokError {
    return this.source.error(path, message);
  }
}

/** Memory per CPU would be `--mem-per-cpu`, which a ladder does not have. */
function perNode(text: string | number): number {
  const { bytes, per } = parseMemory(text);
  if (per === 'node') return bytes;
  throw new FormatError('memory size', String(text), 'memory per node, such as 4G');
}

function word(value: string | number | undefined): string | null {
  return value === undefined ? null : String(value);
}

function patternText(path: Path): string {
  if (path.includes('exit_codes')) return 'an exit code from 0 to 255';
  return path.at(-1) === 'node_exclusion'
    ? 'off, or the keys fast_fail, failures and expire'
    : 'one word without spaces';
}

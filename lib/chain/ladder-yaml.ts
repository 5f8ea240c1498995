import { Document } from 'yaml';
import { formatDuration } from '../slurm/duration.js';
import { formatMemory } from '../slurm/memory-size.js';
import { type LadderAxes, levelAt, type Rungs } from './axes.js';
import {
  DEFAULT_MAX_ARRAY_SPEC_LENGTH,
  DEFAULT_POLICY,
  DEFAULT_RETRY_LIMIT,
  type HandlerRequest,
  type Ladder,
  type Level,
  type StatePolicy,
} from './ladder.js';
import { DEFAULT_NODE_EXCLUSION, type NodeExclusionRule } from './node-exclusion.js';

const NO_LEVEL: Pick<Level, 'mem' | 'time'> & Partial<Level> = { mem: null, time: null };

/** The text of a ladder file that reads back as this ladder. What is as by default is left out. */
export function ladderYaml(ladder: Ladder, heading: readonly string[] = []): string {
  const document = new Document(withoutEmpty(ladderFileOf(ladder)));
  if (heading.length > 0) document.commentBefore = heading.map((line) => ` ${line}`).join('\n');
  return document.toString({ defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 });
}

/** Every key of a ladder file; null for what need not be said. */
function ladderFileOf({ file: _, ...ladder }: Ladder): Record<string, unknown> {
  const { levels, axes, policy, handler, maxArraySpecLength, retryLimit, retryBudgets, oomExit0, ...others } =
    ladder;
  const { caps, nodeExclusion, completionRecords, history, ...rest } = others;
  // A ladder has no property that is not written.
  rest satisfies Record<string, never>;
  return {
    ...(axes === null ? { levels: levels.map(resources) } : axesFileOf(axes, levels)),
    state_handling: stateHandling(policy, retryBudgets),
    handler: resources(handler),
    max_array_spec_len: unless(DEFAULT_MAX_ARRAY_SPEC_LENGTH, maxArraySpecLength),
    retry_limit: unless(DEFAULT_RETRY_LIMIT, retryLimit),
    retry: budgets(retryBudgets),
    oom_exit0: unless('retry', oomExit0),
    completion_records: unless(false, completionRecords),
    limits: withoutEmpty({
      attempts: caps.attempts,
      core_hours: caps.coreHours,
      wall_time: caps.wallTime === null ? null : formatDuration(caps.wallTime),
    }),
    node_exclusion: nodeExclusion === null ? 'off' : exclusion(nodeExclusion),
    logging: withoutEmpty({ enabled: unless(true, history.enabled), db_path: history.database }),
  };
}

/** The levels of axes are every combination, memory slowest: the first of each rung says what the rung asks for. */
function axesFileOf(axes: LadderAxes, levels: readonly Level[]): Record<string, unknown> {
  const amounts = (key: 'mem' | 'time', places: readonly Rungs[]) =>
    places.map((rungs) => {
      const { [key]: amount } = resources(levels[levelAt(axes, rungs)] ?? NO_LEVEL);
      return amount;
    });
  const rungs = (count: number) => Array.from({ length: count }, (_, rung) => rung);
  const { mem: _mem, time: _time, ...base } = resources(levels[0] ?? NO_LEVEL);
  return {
    ladder: 'axes',
    axes: {
      mem: amounts(
        'mem',
        rungs(axes.mem).map((mem) => ({ mem, time: 0 })),
      ),
      time: amounts(
        'time',
        rungs(axes.time).map((time) => ({ mem: 0, time })),
      ),
    },
    base: axes.partitions === null ? base : withoutEmpty({ ...base, partition: null }),
    partitions: axes.partitions,
  };
}

function unless<T>(byDefault: T, value: T): T | null {
  return value === byDefault ? null : value;
}

function exclusion({ fastFail, failures, expire }: NodeExclusionRule): Record<string, unknown> {
  const { fastFail: fast, failures: several, expire: later } = DEFAULT_NODE_EXCLUSION;
  return withoutEmpty({
    fast_fail: fastFail === fast ? null : formatDuration(fastFail),
    failures: unless(several, failures),
    expire: expire === later ? null : formatDuration(expire),
  });
}

/** Without keys that have no value: null, or an object without keys. */
function withoutEmpty(object: Record<string, unknown>): Record<string, unknown> {
  const said = (value: unknown) =>
    value !== null && (typeof value !== 'object' || Object.keys(value).length > 0);
  return Object.fromEntries(Object.entries(object).filter(([, value]) => said(value)));
}

/** Keys without a value are left to the script and the cluster. */
function resources({
  mem,
  time,
  ...words
}: Pick<Level, 'mem' | 'time'> & Partial<Level | HandlerRequest>): Record<string, unknown> {
  return withoutEmpty({
    ...words,
    mem: mem === null ? null : formatMemory(mem),
    time: time === null ? null : formatDuration(time),
  });
}

function budgets(given: Ladder['retryBudgets']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([state, { count, duration }]) => [
      state,
      { count, ...(duration === null ? {} : { duration: formatDuration(duration) }) },
    ]),
  );
}

/** What differs from the defaults, over which a file is merged: `retry` for a state that has a budget. */
function stateHandling(
  { states, exitCodes }: StatePolicy,
  retryBudgets: Ladder['retryBudgets'],
): Record<string, unknown> {
  const byDefault = (state: keyof typeof states) =>
    Object.hasOwn(retryBudgets, state) ? 'retry' : DEFAULT_POLICY.states[state];
  const changed = Object.entries(states).filter(
    ([state, action]) => byDefault(state as keyof typeof states) !== action,
  );
  const defaults = new Map(DEFAULT_POLICY.exitCodes);
  const codes = exitCodes.filter(([code, action]) => defaults.get(code) !== action);
  return withoutEmpty({
    ...Object.fromEntries(changed),
    exit_codes: Object.fromEntries(codes.map(([code, action]) => [String(code), action])),
  });
}

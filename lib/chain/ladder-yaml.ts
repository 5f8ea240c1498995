import { Document } from 'yaml';
import { formatDuration } from '../slurm/duration.js';
import { formatMemory } from '../slurm/memory-size.js';
import {
  DEFAULT_MAX_ARRAY_SPEC_LENGTH,
  DEFAULT_POLICY,
  DEFAULT_RETRY_LIMIT,
  type HandlerRequest,
  type Ladder,
  type Level,
  type StatePolicy,
} from './ladder.js';

/** The text of a ladder file that reads back as this ladder. What is as by default is left out. */
export function ladderYaml(ladder: Ladder, heading: readonly string[] = []): string {
  const handling = stateHandling(ladder.policy);
  const handler = resources(ladder.handler);
  const { enabled, database } = ladder.history;
  const document = new Document({
    levels: ladder.levels.map(resources),
    ...(Object.keys(handling).length === 0 ? {} : { state_handling: handling }),
    ...(Object.keys(handler).length === 0 ? {} : { handler }),
    ...(ladder.maxArraySpecLength === DEFAULT_MAX_ARRAY_SPEC_LENGTH
      ? {}
      : { max_array_spec_len: ladder.maxArraySpecLength }),
    ...(ladder.retryLimit === DEFAULT_RETRY_LIMIT ? {} : { retry_limit: ladder.retryLimit }),
    ...(Object.keys(ladder.retryBudgets).length === 0 ? {} : { retry: budgets(ladder.retryBudgets) }),
    ...(ladder.oomExit0 === 'retry' ? {} : { oom_exit0: ladder.oomExit0 }),
    ...(enabled && database === null
      ? {}
      : { logging: { enabled, ...(database === null ? {} : { db_path: database }) } }),
  });
  if (heading.length > 0) document.commentBefore = heading.map((line) => ` ${line}`).join('\n');
  return document.toString({ defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN', lineWidth: 0 });
}

/** Keys without a value are left to the script and the cluster. */
function resources({ mem, time, ...words }: Level | HandlerRequest): Record<string, string | number> {
  const asked = {
    ...words,
    mem: mem === null ? null : formatMemory(mem),
    time: time === null ? null : formatDuration(time),
  };
  return Object.fromEntries(
    Object.entries(asked).filter((entry): entry is [string, string | number] => entry[1] !== null),
  );
}

function budgets(given: Ladder['retryBudgets']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([state, { count, duration }]) => [
      state,
      { count, ...(duration === null ? {} : { duration: formatDuration(duration) }) },
    ]),
  );
}

/** What differs from the defaults, over which a file is merged. */
function stateHandling({ states, exitCodes }: StatePolicy): Record<string, unknown> {
  const changed = Object.entries(states).filter(
    ([state, action]) => DEFAULT_POLICY.states[state as keyof typeof states] !== action,
  );
  const defaults = new Map(DEFAULT_POLICY.exitCodes);
  const codes = exitCodes.filter(([code, action]) => defaults.get(code) !== action);
  return {
    ...Object.fromEntries(changed),
    ...(codes.length === 0
      ? {}
      : { exit_codes: Object.fromEntries(codes.map(([code, action]) => [String(code), action])) }),
  };
}

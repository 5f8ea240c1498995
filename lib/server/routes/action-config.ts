import type { WorkflowActionModel } from '../../wire/actions.js';
import { ApiError } from '../api-error.js';

type Check = (value: unknown) => boolean;

/** What a configuration may say, by type of action; what all of its keys must be. */
const KEYS: Readonly<Record<string, Readonly<Record<string, { check: Check; expected: string }>>>> = {
  run_commands: {
    commands: { check: isCommands, expected: 'an array of at least one command' },
  },
  schedule_nodes: {
    scheduler_id: { check: Number.isInteger, expected: 'a whole number' },
    scheduler_type: { check: (value) => typeof value === 'string', expected: 'a text' },
    num_allocations: { check: Number.isInteger, expected: 'a whole number' },
    start_one_worker_per_node: { check: (value) => typeof value === 'boolean', expected: 'true or false' },
    max_parallel_jobs: { check: Number.isInteger, expected: 'a whole number' },
  },
};

const REQUIRED: Readonly<Record<string, readonly string[]>> = { run_commands: ['commands'] };

/** Actions of other types are for others to carry out: their configuration is theirs. @throws ApiError 422 */
export function checkActionConfig({ action_type: type, action_config: config }: WorkflowActionModel): void {
  const keys = Object.hasOwn(KEYS, type) ? KEYS[type] : undefined;
  if (keys === undefined) return;
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw invalid('', `a ${type} action has an object`, config);
  }
  for (const name of REQUIRED[type] ?? []) {
    if (!Object.hasOwn(config, name)) throw invalid(name, 'missing', undefined);
  }
  for (const [name, value] of Object.entries(config)) {
    const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
    if (key === undefined)
      throw invalid(name, `a ${type} action knows ${Object.keys(keys).join(', ')}`, value);
    if (value !== null && !key.check(value)) throw invalid(name, `expected ${key.expected}`, value);
  }
}

function isCommands(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((command) => typeof command === 'string');
}

function invalid(name: string, why: string, value: unknown): ApiError {
  const field = name === '' ? 'action_config' : `action_config.${name}`;
  return new ApiError(422, `Invalid action_config: ${field}: ${why}`, { field, value });
}

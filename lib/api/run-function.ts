import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Value } from 'typebox/value';
import type { Client } from '../client/client.js';
import { AfterokError } from '../errors.js';
import type { UserDataModel } from '../wire/user-data.js';
import { makeApi } from './make-api.js';
import { inputName, MappedCall, outputName } from './mapped-function.js';

/**
 * What a job of `mapFunctionToJobs` does: calls its function and stores what that returns.
 *
 * @param env of a job
 * @throws AfterokError outside of a job, and for a module or a function that is not there; whatever the function throws
 */
export async function runMappedFunction(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const id = Number(env.TORC_JOB_ID);
  if (!Number.isInteger(id))
    throw new AfterokError('bad-option', 'TORC_JOB_ID is not set: this runs in a job');
  const api = makeApi(env.TORC_API_URL);
  try {
    const job = await api.jobs.get({ id });
    const inputs = await Promise.all(
      (job.input_user_data_ids ?? []).map((input) => api.userData.get({ id: input })),
    );
    const own = inputs.find(({ name }) => name === inputName(job.name));
    const call = callOf(own, job.name);
    const others = inputs.filter((input) => input !== own).sort(byId);
    const func = await load(call);
    const result = await func('params' in call ? call.params : others.map(({ data }) => data));
    if (result !== undefined) await store(api, job.output_user_data_ids ?? [], outputName(job.name), result);
  } finally {
    api.close();
  }
}

function callOf(entry: UserDataModel | undefined, job: string): MappedCall {
  if (entry !== undefined && Value.Check(MappedCall, entry.data)) return entry.data as MappedCall;
  throw new AfterokError('bad-option', `user data ${inputName(job)} names no function to call`);
}

/** In the order in which they were made, which is that of the parameters. */
function byId(a: UserDataModel, b: UserDataModel): number {
  return (a.id ?? 0) - (b.id ?? 0);
}

async function load({ module, module_directory, func }: MappedCall): Promise<(argument: unknown) => unknown> {
  const directory = resolve(module_directory ?? '.');
  const isPath = /^[./]|\.[cm]?[jt]s$/.test(module);
  const file = isPath
    ? resolve(directory, module)
    : createRequire(`${directory}/package.json`).resolve(module);
  const loaded = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  const found = loaded[func];
  if (typeof found === 'function') return found as (argument: unknown) => unknown;
  throw new AfterokError('bad-option', `${file} exports no function ${func}`);
}

async function store(api: Client, ids: readonly number[], name: string, data: unknown): Promise<void> {
  const entries = await Promise.all(ids.map((id) => api.userData.get({ id })));
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry?.id !== undefined) await api.userData.update({ id: entry.id, body: { ...entry, data } });
}

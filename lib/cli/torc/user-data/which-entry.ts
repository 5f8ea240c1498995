import { listAll } from '../../../client/all.js';
import type { Client } from '../../../client/client.js';
import { AfterokError } from '../../../errors.js';
import type { UserDataModel } from '../../../wire/user-data.js';
import { integer, required, text, usage } from '../../tree/option.js';

/** The entry that a command is about. Commands of jobs call it by its name: that is what they have in place of a variable. */
export const ENTRY = { 'id-or-name': required(text('The user data: their id, or their name in a workflow')) };

export const ENTRY_OPTIONS = {
  'workflow-id': integer('Where the name is from; in a job, its own workflow', { least: 1, value: 'ID' }),
};

/** @throws AfterokError when there is none, or nothing says whose name it is */
export async function findEntry(
  { userData }: Client,
  word: string,
  given: number | undefined,
  env: NodeJS.ProcessEnv = process.env,
): Promise<UserDataModel & { id: number }> {
  if (/^\d+$/.test(word)) return { ...(await userData.get({ id: Number(word) })), id: Number(word) };
  const workflow_id = given ?? workflowOfJob(env);
  if (workflow_id === null)
    throw usage(`user data ${word}: a name needs its workflow`, 'name it: --workflow-id ID');
  // The server's filter finds names that contain this one.
  const found = await listAll(userData.list, { workflow_id, name: word });
  const entry = found.find(({ name }) => name === word);
  if (entry?.id === undefined)
    throw new AfterokError('server-refused', `workflow ${workflow_id} has no user data called ${word}`);
  return { ...entry, id: entry.id };
}

function workflowOfJob({ TORC_WORKFLOW_ID: id = '' }: NodeJS.ProcessEnv): number | null {
  return /^\d+$/.test(id) ? Number(id) : null;
}

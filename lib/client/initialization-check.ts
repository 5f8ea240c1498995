import { AfterokError } from '../errors.js';
import { listAll } from './all.js';
import type { Client } from './client.js';
import { type FileTime, fileTimes } from './file-times.js';

/** What stands between a workflow and its start. */
export interface InitializationCheck {
  workflow: number;
  /** Paths of files that no job is going to write, and that are not there. */
  missingInputs: string[];
  /** Names of user data that must be there before the start, and are not. */
  missingUserData: string[];
  /** Paths of files that jobs are going to write, and that exist already. */
  existingOutputs: string[];
  files: FileTime[];
}

/** Looks at a workflow's files and user data. Changes nothing. @throws ApiResponseError */
export async function checkInitialization(client: Client, workflow: number): Promise<InitializationCheck> {
  const [required, missing, files, outputs] = await Promise.all([
    client.workflows.requiredExistingFiles({ id: workflow }),
    client.workflows.missingUserData({ id: workflow }),
    fileTimes(client, workflow),
    listAll(client.files.list, { workflow_id: workflow, is_output: true }),
  ]);
  const requiredIds = new Set<number | undefined>(required.files);
  const outputIds = new Set(outputs.map(({ id }) => id));
  const paths = (wanted: (time: FileTime) => boolean) => files.filter(wanted).map(({ file }) => file.path);
  return {
    ...{ workflow, files },
    missingInputs: paths(({ file, onDisk }) => onDisk === null && requiredIds.has(file.id)),
    existingOutputs: paths(({ file, onDisk }) => onDisk !== null && outputIds.has(file.id)),
    missingUserData: await userDataNames(client, workflow, missing.user_data),
  };
}

/** @param force missing files are no reason not to start @throws AfterokError with what is missing */
export function refuseMissing(
  { workflow, missingInputs, missingUserData }: InitializationCheck,
  force: boolean,
): void {
  if (missingUserData.length > 0) {
    throw new AfterokError(
      'not-initializable',
      `workflow ${workflow} lacks user data: ${someOf(missingUserData)}`,
      'torc user-data update ID --data JSON',
    );
  }
  if (missingInputs.length > 0 && !force) {
    throw new AfterokError(
      'not-initializable',
      `workflow ${workflow} lacks input files: ${someOf(missingInputs)}`,
      'make them, start where they are, or go on without them with --force',
    );
  }
}

/** The first few of a list. */
export function someOf(names: readonly string[]): string {
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return `${names.slice(0, 5).join(', ')}${more}`;
}

async function userDataNames(client: Client, workflow: number, ids: readonly number[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const wanted = new Set<number | undefined>(ids);
  const entries = await listAll(client.userData.list, { workflow_id: workflow });
  return entries.filter(({ id }) => wanted.has(id)).map(({ name }) => name);
}

import { stat } from 'node:fs/promises';
import { hasErrno } from '../errors.js';
import type { RunContext } from './context.js';
import type { ClaimedJob } from './job-command.js';

/**
 * Looks for the files that a job promised to write, and stores when they were written if all are there: later runs see
 * by that whether they have changed.
 *
 * @returns paths of those that are missing
 */
export async function storeOutputs({ client, lookups }: RunContext, job: ClaimedJob): Promise<string[]> {
  const files = await lookups.outputsOf(job);
  if (files.length === 0) return [];
  const written = await Promise.all(files.map(async (file) => ({ file, time: await mtimeOf(file.path) })));
  const missing = written.filter(({ time }) => time === null).map(({ file }) => file.path);
  if (missing.length > 0) return missing;
  await Promise.all(
    written.map(({ file, time }) =>
      client.files.update({ id: file.id, body: { ...file, st_mtime: time ?? undefined } }),
    ),
  );
  return [];
}

/** Seconds since the epoch; null for no file. */
async function mtimeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).mtimeMs / 1000;
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG')) return null;
    throw error;
  }
}

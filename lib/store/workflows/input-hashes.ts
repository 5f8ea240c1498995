import { createHash } from 'node:crypto';
import type { WorkflowDatabase } from './database.js';
import { RELATIONS } from './job-relations.js';
import { moveJobs, withIds } from './move-jobs.js';
import { workflowStatus } from './workflows.js';

/** Jobs that are looked at in one go. */
const BATCH = 10_000;

interface Definition {
  id: number;
  name: string;
  stored: string | null;
  command: string;
  invocation_script: string | null;
  [ids: string]: unknown;
}

interface UserData {
  id: number;
  /** JSON text. */
  data: string | null;
}

const LISTS = RELATIONS.map(
  ({ field, table, column }) =>
    `(SELECT group_concat(${column}) FROM ${table} WHERE job_id = job.id) AS ${field}`,
);

const DEFINITION = `SELECT id, name, input_hash AS stored, command, invocation_script, ${LISTS.join(', ')} FROM job`;
const DEFINITIONS = `${DEFINITION} WHERE workflow_id = ? AND id > ? ORDER BY id LIMIT ${BATCH}`;

const STORE = 'UPDATE job SET input_hash = ? WHERE id = ?';

/** Remembers of what each job of a workflow is made now. */
export function storeInputHashes(db: WorkflowDatabase, workflow: number): void {
  const store = db.prepare(STORE);
  for (const [job, hash] of inputHashes(db, workflow)) if (job.stored !== hash) store.run(hash, job.id);
}

/**
 * Remembers of what one job is made, when it starts: user data that it reads may have been written since the
 * initialisation, by a job before it. What else it is made of cannot have changed unnoticed.
 */
export function storeInputHash(db: WorkflowDatabase, id: number): void {
  const inputs = db
    .prepare(
      `SELECT user_data.id, data FROM job_input_user_data JOIN user_data ON user_data.id = user_data_id
       WHERE job_id = ?`,
    )
    .all(id) as UserData[];
  if (inputs.length === 0) return;
  const job = db.prepare(`${DEFINITION} WHERE id = ?`).get(id) as Definition;
  if (job.stored !== null) db.prepare(STORE).run(hashOf(job, hashesOf(inputs)), id);
}

/**
 * Finds the jobs that are made of something else than when they were initialised: command, invocation script,
 * dependencies, files, user data and its contents. Those that were never initialised are left out.
 *
 * @param dryRun whether the jobs shall stay as they are; otherwise they become uninitialized
 * @returns their names
 */
export function processChangedInputs(db: WorkflowDatabase, workflow: number, dryRun: boolean): string[] {
  return db.write(() => {
    workflowStatus(db, workflow);
    const changed: Definition[] = [];
    for (const [job, hash] of inputHashes(db, workflow)) {
      if (job.stored !== null && job.stored !== hash) changed.push(job);
    }
    if (!dryRun) moveJobs(db, workflow, 'reset', 'uninitialized', withIds(changed.map(({ id }) => id)));
    return changed.map(({ name }) => name);
  });
}

function* inputHashes(db: WorkflowDatabase, workflow: number): Generator<[Definition, string]> {
  const contents = userDataHashes(db, workflow);
  for (let last = 0; ; ) {
    const batch = db.prepare(DEFINITIONS).all(workflow, last) as Definition[];
    for (const job of batch) yield [job, hashOf(job, contents)];
    if (batch.length < BATCH) return;
    last = batch.at(-1)?.id ?? last;
  }
}

function hashOf(job: Definition, contents: ReadonlyMap<string, string>): string {
  const lists = RELATIONS.map(({ field }) => job[field] as string | null);
  const inputs = (job.input_user_data_ids as string | null)?.split(',') ?? [];
  const data = inputs.map((id) => contents.get(id) ?? null);
  return sha256(JSON.stringify([job.command, job.invocation_script, lists, data]));
}

/** By id; data that many jobs read is hashed once. */
function userDataHashes(db: WorkflowDatabase, workflow: number): Map<string, string> {
  const sql = 'SELECT id, data FROM user_data WHERE workflow_id = ?';
  return hashesOf(db.prepare(sql).all(workflow) as UserData[]);
}

function hashesOf(rows: readonly UserData[]): Map<string, string> {
  const present = rows.filter(({ data }) => data !== null);
  return new Map(present.map(({ id, data }) => [String(id), sha256(data as string)]));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

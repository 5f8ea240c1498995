import type { Submission } from '../job.js';
import type { PocketState } from '../state/state.js';

/** More jobs than are ever looked at in turn; beyond, all are read again. */
const KEPT = 2000;

const kept = new WeakMap<PocketState, Map<string, Submission>>();

/** What a job was submitted with; it never changes, so each process reads it once. */
export function facts(state: PocketState, job: number): Submission {
  let known = kept.get(state);
  if (known === undefined || known.size > KEPT) {
    known = new Map();
    kept.set(state, known);
  }
  // Ids can begin anew, times of submission do not.
  const text = 'SELECT submitted_at FROM job WHERE id = ?';
  const key = `${job} ${state.sql<{ submitted_at: number }>(text).get(job)?.submitted_at}`;
  let submission = known.get(key);
  if (submission === undefined) {
    const row = state.sql<{ submission: string }>('SELECT submission FROM job WHERE id = ?').get(job);
    if (row === undefined) throw new Error(`no job ${job}`);
    submission = JSON.parse(row.submission) as Submission;
    known.set(key, submission);
  }
  return submission;
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listAll } from '../../lib/client/all.js';
import type { Client } from '../../lib/client/client.js';
import type { JobModel } from '../../lib/wire/jobs.js';
import type { ResultModel } from '../../lib/wire/results.js';
import { type Entry, readJournal } from './journal.js';
import type { Ending, PlannedJob } from './random-jobs.js';

/** What is known of one job afterwards. */
interface Evidence {
  name: string;
  ending: Ending;
  job: JobModel | undefined;
  results: readonly ResultModel[];
  entries: readonly Entry[];
}

const RETURN_CODES: Record<Ending, number> = { well: 0, later: 0, badly: 4 };

/** What is wrong after the last runner of a workflow has ended: nothing, or a line for each violation. */
export async function violations(
  client: Client,
  workflow_id: number,
  planned: readonly PlannedJob[],
  journal: string,
): Promise<string[]> {
  const jobs = await listAll(client.jobs.list, { workflow_id });
  const results = await listAll(client.results.list, { workflow_id, all_runs: true });
  const nodes = await listAll(client.computeNodes.list, { workflow_id });
  const entries = readJournal(journal);
  const found = planned.flatMap(({ spec: { name }, ending }) => {
    const job = jobs.find((one) => one.name === name);
    const own = results.filter(({ job_id }) => job_id === job?.id);
    const evidence = { name, ending, job, results: own, entries: entries.filter((one) => one.name === name) };
    return [...unended(evidence), ...lostResults(evidence), ...repetitions(evidence)];
  });
  const active = nodes.filter(({ is_active }) => is_active !== false);
  return [...found, ...active.map(({ id }) => `runner ${id} is active for ever`)];
}

/** Leaves no job running for ever: each has ended, in the one way in which it can. */
function unended({ name, ending, job, results }: Evidence): string[] {
  const expected = ending === 'badly' ? 'failed' : 'completed';
  const [result] = results;
  return [
    ...(job?.status === expected ? [] : [`${name} is ${job?.status}, not ${expected}`]),
    ...(results.length === 1 ? [] : [`${name} has ${results.length} results`]),
    ...(result === undefined || result.return_code === RETURN_CODES[ending]
      ? []
      : [`${name} has return code ${result.return_code}`]),
  ];
}

/** Loses no committed result: what a runner was told is kept is there. */
function lostResults({ name, results, entries }: Evidence): string[] {
  return entries.flatMap((entry) => {
    if (entry.what !== 'committed') return [];
    const { attempt, status, returnCode } = entry;
    const isKept = results.some(
      (one) => one.attempt_id === attempt && one.status === status && one.return_code === returnCode,
    );
    return isKept ? [] : [`${name} has lost the result of attempt ${attempt}: ${status}, ${returnCode}`];
  });
}

/**
 * Runs no job twice after reported completion: attempts begin once each, one after the other and none beside a later
 * one, and the last is the one whose result is kept.
 */
function repetitions({ name, results, entries }: Evidence): string[] {
  const found: string[] = [];
  let latest = 0;
  for (const { what, attempt } of entries) {
    if (what === 'committed') continue;
    if (what === 'start' && attempt === latest) found.push(`${name} has begun attempt ${attempt} twice`);
    if (attempt < latest)
      found.push(`${name}: ${what} of attempt ${attempt} after attempt ${latest} has begun`);
    latest = Math.max(latest, attempt);
  }
  const kept = results.at(-1)?.attempt_id;
  if (kept !== latest) found.push(`${name} has begun attempt ${latest}, and the result is of ${kept}`);
  const last = entries.filter(({ what }) => what !== 'committed').at(-1);
  if (last?.what !== 'end') found.push(`${name} has not come to its end`);
  return found;
}

/** Processes of a workflow's jobs that still live. */
export function strays(outputDir: string): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        const environment = readFileSync(join('/proc', pid, 'environ'), 'utf8').split('\0');
        return environment.includes(`TORC_OUTPUT_DIR=${outputDir}`);
      } catch {
        return false;
      }
    })
    .map((pid) => `process ${pid} is left`);
}

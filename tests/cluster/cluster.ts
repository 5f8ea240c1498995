import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { CLUSTERS, type ClusterDaemon } from '../contract/clusters.js';
import { evaluatedEnv, must } from '../program.js';

/** The programs of the running cluster: a real Slurm, or pocket Slurm where AFTEROK_CLUSTER_KIND says so. */
const PROGRAMS = CLUSTERS[process.env.AFTEROK_CLUSTER_KIND === 'pocket' ? 'pocket' : 'slurm'];

let known: Promise<NodeJS.ProcessEnv> | undefined;

/** The environment of the running cluster whose state folder AFTEROK_CLUSTER_STATE names. */
export async function clusterEnv(): Promise<NodeJS.ProcessEnv> {
  known ??= readClusterEnv();
  return await known;
}

async function readClusterEnv(): Promise<NodeJS.ProcessEnv> {
  const state = process.env.AFTEROK_CLUSTER_STATE;
  if (state === undefined)
    throw new Error('AFTEROK_CLUSTER_STATE is not set: npm run test:cluster boots a cluster');
  return await evaluatedEnv(PROGRAMS.env);
}

/** Runs a Slurm command on the cluster. */
export async function slurm(...argv: string[]): Promise<string> {
  return await must(argv, {
    env: { ...(await clusterEnv()), SLURM_BITSTR_LEN: '0', SLURM_TIME_FORMAT: '%s' },
  });
}

export async function stopDaemon(name: ClusterDaemon): Promise<void> {
  await must(PROGRAMS.stopDaemon(name), { env: await clusterEnv() });
}

export async function startDaemon(name: ClusterDaemon): Promise<void> {
  await must(PROGRAMS.startDaemon(name), { env: await clusterEnv() });
}

/** Restarts the daemons with these lines of slurm.conf besides or instead of ours; none puts it back. */
export async function configure(lines: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'afterok-extra-'));
  const file = join(folder, 'extra.conf');
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  const env = { ...process.env, AFTEROK_CLUSTER_EXTRA: lines.length === 0 ? '' : file };
  await must([`${PACKAGE_ROOT}docker/cluster`, 'up'], { env }).finally(() =>
    rmSync(folder, { recursive: true }),
  );
}

/** One row of accounting: an attempt of a task, or a job. */
export interface AccountingRow {
  job: string;
  /** Index that Slurm knows; null for a job that is no array. */
  task: number | null;
  state: string;
  /** As sacct prints it: codes of 128 and more are 128 less. */
  exit: string;
  node: string;
  started: boolean;
  comment: string;
  name: string;
}

/**
 * All attempts that accounting has of these jobs, and of whatever else ran in the last hours. Both are asked for:
 * without `-j` sacct 22.05 passes over some tasks of throttled arrays.
 */
export async function accounting(jobs: readonly string[] = []): Promise<AccountingRow[]> {
  const format = 'JobID,State,ExitCode,NodeList,Start,JobName,Comment';
  const argv = ['sacct', '-X', '-n', '-P', `--format=${format}`] as const;
  const texts = [
    await slurm(...argv, '-S', 'now-3hours'),
    jobs.length === 0 ? '' : await slurm(...argv, '-j', jobs.join(',')),
  ];
  const rows = texts.flatMap((text) => text.split('\n').filter(Boolean).flatMap(accountingRows));
  // The row of an array's pending rest is stale: tasks that have rows of their own stand in it still.
  const found = new Map<string, AccountingRow>();
  for (const { rest, ...row } of rows) {
    const key = `${row.job}_${row.task}`;
    if (!rest || !found.has(key)) found.set(key, row);
  }
  return [...found.values()];
}

function accountingRows(line: string): (AccountingRow & { rest: boolean })[] {
  const [id = '', state = '', exit = '', node = '', start = '', name = '', ...comment] = line.split('|');
  const [job = '', task] = id.split('_');
  const rest = task?.startsWith('[') === true;
  const tasks =
    task === undefined ? [null] : rest ? expandSpec(task.replace(/^\[|%\d+|\]$/g, '')) : [Number(task)];
  const common = { job, exit, node, name, started: /^\d+$/.test(start), comment: comment.join('|'), rest };
  return tasks.map((index) => ({ ...common, task: index, state: state.split(' ')[0] ?? '' }));
}

/** The indices of an array spec. Written anew for the tests: they do not take the product's word for it. */
export function expandSpec(spec: string): number[] {
  const indices = new Set<number>();
  for (const part of spec.split(',').filter(Boolean)) {
    const [, first = '', last = first, step = '1'] = /^(\d+)(?:-(\d+))?(?::(\d+))?$/.exec(part) ?? [];
    for (let index = Number(first); index <= Number(last); index += Number(step)) indices.add(index);
  }
  return [...indices].sort((a, b) => a - b);
}

/** Everything in the queue whose comment starts with this text, one line a job. */
export async function queued(comment: string): Promise<string[]> {
  const text = await slurm('squeue', '-h', '-o', '%k|%i|%T|%r|%N');
  return text.split('\n').filter((line) => line.startsWith(comment));
}

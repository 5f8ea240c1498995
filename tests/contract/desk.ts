import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import { type Finished, must, run } from '../program.js';
import { waitFor } from '../wait-for.js';
import { type Cluster, runningCluster } from './cluster.js';

/** States in which nothing happens any more. */
const ENDED = /^(COMPLETED|FAILED|CANCELLED|TIMEOUT|OUT_OF_MEMORY|NODE_FAIL|DEADLINE|PREEMPTED|BOOT_FAIL)/;

/** Row of a table of sacct or squeue: what each column holds. */
export type Row = Readonly<Record<string, string>>;

/** Where the cases of one file work: a folder, and the jobs that they have submitted from it. */
export class Desk {
  private readonly jobs = new Set<string>();

  private constructor(
    readonly cluster: Cluster,
    readonly folder: string,
  ) {}

  /** What passes leaves no files, and nothing leaves jobs. */
  static async open(t: Test): Promise<Desk> {
    const desk = new Desk(await runningCluster(), mkdtempSync(join(tmpdir(), 'afterok-contract-')));
    t.teardown(async () => {
      if (desk.jobs.size > 0) await desk.run('scancel', '--quiet', ...desk.jobs);
      if (t.passing()) rmSync(desk.folder, { recursive: true, force: true, maxRetries: 5 });
      else t.comment(`files of the failed test: ${desk.folder}`);
    });
    return desk;
  }

  /** Runs a command in the folder, whatever it answers. */
  async run(...argv: readonly string[]): Promise<Finished> {
    return await this.runWith({}, ...argv);
  }

  /** The same, with further variables. */
  async runWith(env: NodeJS.ProcessEnv, ...argv: readonly string[]): Promise<Finished> {
    return await run(argv, { env: { ...this.cluster.env, ...env }, cwd: this.folder });
  }

  /** What a command prints; it has to succeed. Times are seconds since the epoch, lists are not cut. */
  async query(...argv: readonly string[]): Promise<string> {
    const env = { ...this.cluster.env, SLURM_TIME_FORMAT: '%s', SLURM_BITSTR_LEN: '0' };
    return (await must(argv, { env, cwd: this.folder })).replace(/\n+$/, '');
  }

  /** Submits a job; its id. */
  async submit(...args: readonly string[]): Promise<string> {
    return await this.submitWith({}, ...args);
  }

  async submitWith(env: NodeJS.ProcessEnv, ...args: readonly string[]): Promise<string> {
    const argv = ['sbatch', '--parsable', ...args];
    const id = (await must(argv, { env: { ...this.cluster.env, ...env }, cwd: this.folder })).trim();
    this.jobs.add(id);
    return id;
  }

  /** Submits a job whose output nobody reads. */
  async quiet(...args: readonly string[]): Promise<string> {
    return await this.submit('-o', '/dev/null', ...args);
  }

  /** To be cancelled at the end, too. */
  remember(job: string): void {
    this.jobs.add(job);
  }

  /** A file in the folder; its path. */
  file(name: string, text: string | Buffer, mode = 0o755): string {
    const path = join(this.folder, name);
    writeFileSync(path, text, { mode });
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }

  /** Shell commands that take so many of the cluster's seconds. */
  sleep(seconds: number): string {
    return `sleep ${seconds / this.cluster.timeScale}`;
  }

  /** Shell commands that wait until `openGate` is called. */
  gate(name: string): string {
    return `while [ ! -e ${this.folder}/${name} ]; do sleep 0.1; done`;
  }

  openGate(name: string): void {
    this.file(name, '');
  }

  /** A command's table as rows; the format names its columns. */
  async table(columns: string, ...argv: readonly string[]): Promise<Row[]> {
    const names = columns.split(',');
    const lines = (await this.query(...argv)).split('\n').filter(Boolean);
    return lines.map((line) => {
      const fields = line.split('|');
      return Object.fromEntries(names.map((name, at) => [name, fields[at] ?? '']));
    });
  }

  /** The accounting of these jobs. */
  async accounting(columns: string, jobs: readonly string[], ...options: readonly string[]): Promise<Row[]> {
    const argv = ['sacct', '-n', '-P', `--format=${columns}`, '-j', jobs.join(','), ...options];
    return await this.table(columns, ...argv);
  }

  /** The controller's records of a job and its tasks: `scontrol -o show job`, fields by name. */
  async records(job: string): Promise<Row[]> {
    return parseRecords(await this.query('scontrol', '-o', 'show', 'job', job));
  }

  async record(job: string): Promise<Row> {
    return (await this.records(job))[0] ?? {};
  }

  /** The rows of the queue, finished ones too: `squeue -r -t all`; the values by job or task. */
  async queue(format: string, jobs: readonly string[]): Promise<Map<string, string>> {
    const text = await this.query(
      'squeue',
      '-h',
      '-r',
      '-t',
      'all',
      '-j',
      jobs.join(','),
      '-o',
      `%i|${format}`,
    );
    return new Map(
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => {
          const at = line.indexOf('|');
          return [line.slice(0, at), line.slice(at + 1)] as const;
        }),
    );
  }

  /** Waits until the jobs, named by id or task, are as wanted in `squeue -r -t all`: values of a format by id. */
  async until(
    jobs: readonly string[],
    format: string,
    holds: (values: readonly string[], rows: Map<string, string>) => boolean,
    seconds = 60,
  ): Promise<Map<string, string>> {
    let rows = new Map<string, string>();
    return await waitFor(
      `${format} of ${jobs.join(' ')} as wanted`,
      seconds,
      async () => {
        rows = await this.queue(format, jobs);
        return rows.size > 0 && holds([...rows.values()], rows) ? rows : undefined;
      },
      () => [...rows].map((row) => row.join(' ')).join('\n'),
    );
  }

  async untilRunning(jobs: readonly string[], seconds = 60): Promise<void> {
    await this.until(jobs, '%T', (states) => states.every((state) => state === 'RUNNING'), seconds);
  }

  /** Waits until every task of these jobs has ended, for the controller and then for accounting. */
  async untilEnded(jobs: readonly string[], seconds = 120): Promise<void> {
    const over = (states: readonly string[]) => states.every((state) => ENDED.test(state));
    const tasks = await this.until(jobs, '%T %r', over, seconds);
    await this.untilAccounted([...tasks.keys()]);
  }

  /** Waits until accounting has the end of every one of these jobs or tasks, and of their steps. */
  async untilAccounted(tasks: readonly string[], seconds = 30): Promise<void> {
    let rows: Row[] = [];
    const wanted = new Set(tasks);
    const look = async () => {
      rows = await this.accounting('JobID,State,JobName', [...new Set(tasks.map(jobOf))]);
      const named = rows.map((row) => row.JobID ?? '');
      // Tasks that never started share a row.
      const rests = new Set(named.filter((id) => id.includes('[')).map(jobOf));
      const seen = new Set([...named, ...tasks.filter((task) => rests.has(jobOf(task)))]);
      const open = rows.filter((row) => wanted.has(row.JobID?.split('.')[0] ?? '') && isUnfinished(row));
      return open.length === 0 && tasks.every((task) => seen.has(task)) ? true : undefined;
    };
    await waitFor(`accounting of ${tasks.join(' ')}`, seconds, look, () => JSON.stringify(rows));
  }
}

/** A row can be there for seconds before its name, partition and time of submission are: it is called `allocation`. */
function isUnfinished(row: Row): boolean {
  return !ENDED.test(row.State ?? '') || row.JobName === 'allocation';
}

/** The job that an id names, or whose task it names. */
function jobOf(id: string): string {
  return id.split('_')[0] ?? id;
}

/** `scontrol -o show …`: one record a line. Values with spaces are cut at the first. */
export function parseRecords(text: string): Row[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) =>
      Object.fromEntries([...line.matchAll(/(?:^|\s)([\w/:]+)=(\S*)/g)].map((m) => [m[1], m[2]])),
    );
}

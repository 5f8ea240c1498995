import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Client, connect } from '../../lib/client/client.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { WorkflowDatabase } from '../../lib/store/workflows/database.js';
import { BASE_PATH } from '../../lib/wire/endpoint.js';
import { JOB_STATUSES } from '../../lib/wire/job-status.js';
import type { JobModel } from '../../lib/wire/jobs.js';
import { addNode } from '../store/workflows/plain-workflow.js';
import { report } from './cluster.js';

/**
 * A server in a process of its own, over a database file, asked over HTTP on this machine. Each case has a server and a
 * database of its own; memory is the server's peak.
 */
class BenchServer {
  private constructor(
    readonly client: Client,
    readonly url: string,
    readonly database: string,
    private readonly process: ChildProcessWithoutNullStreams,
  ) {}

  static async start(): Promise<BenchServer> {
    const database = join(mkdtempSync(join(tmpdir(), 'afterok-bench-server-')), 'torc.db');
    const child = program('server-process', database);
    const port = await firstLine(child);
    const url = `http://127.0.0.1:${port}${BASE_PATH}`;
    return new BenchServer(connect(url), url, database, child);
  }

  /** MiB, at most so far. */
  get memory(): number {
    const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${this.process.pid}/status`, 'utf8')) ?? [];
    return Number(kib) / 1024;
  }

  /** Seconds of processor so far, for machines that are shared. */
  get cpu(): number {
    const fields = readFileSync(`/proc/${this.process.pid}/stat`, 'utf8').replace(/^.*\)/, '').split(' ');
    return (Number(fields[12]) + Number(fields[13])) / TICKS;
  }

  async workflow(name: string): Promise<number> {
    return (await this.client.workflows.create({ body: { name, user: 'bench' } })).id as number;
  }

  /** Creates jobs in requests as large as they may be. @returns their ids */
  async jobs(count: number, job: (number: number) => JobModel): Promise<number[]> {
    const ids: number[] = [];
    for (let first = 0; first < count; first += 10_000) {
      const size = Math.min(10_000, count - first);
      const body = { jobs: Array.from({ length: size }, (_, number) => job(first + number)) };
      for (const { id } of (await this.client.jobs.createBulk({ body })).jobs ?? []) ids.push(id as number);
    }
    return ids;
  }

  async stop(): Promise<void> {
    this.client.close();
    this.process.stdin.end();
    await once(this.process, 'exit');
    rmSync(join(this.database, '..'), { recursive: true });
  }
}

/** Of `/proc/PID/stat`, a second. */
const TICKS = 100;

function program(name: string, ...args: string[]): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, [`${PACKAGE_ROOT}dist/tests/bench/${name}.js`, ...args]);
  child.stderr.pipe(process.stderr);
  return child;
}

async function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return line;
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** Milliseconds that half of the calls stay below, and nearly all. */
async function latency(
  times: number,
  call: () => Promise<unknown>,
): Promise<{ p50_ms: number; p99_ms: number }> {
  const all: number[] = [];
  for (let number = 0; number < times; number += 1) all.push((await seconds(call)) * 1000);
  all.sort((a, b) => a - b);
  const at = (part: number) => all[Math.floor(part * (all.length - 1))] as number;
  return { p50_ms: at(0.5), p99_ms: at(0.99) };
}

/** Seconds of the clock, and of the server's processor. */
async function cost(
  server: BenchServer,
  work: () => Promise<unknown>,
): Promise<{ seconds: number; cpu: number }> {
  const before = server.cpu;
  const taken = await seconds(work);
  return { seconds: taken, cpu: server.cpu - before };
}

async function barrier(server: BenchServer): Promise<void> {
  const taken = await cost(server, async () => {
    const id = await server.workflow('barrier');
    const before = await server.jobs(10_000, (number) => plain(id, `before ${number}`));
    const [middle] = await server.jobs(1, () => ({ ...plain(id, 'barrier'), depends_on_job_ids: before }));
    await server.jobs(10_000, (number) => ({
      ...plain(id, `after ${number}`),
      depends_on_job_ids: [middle as number],
    }));
    await server.client.workflows.initializeJobs({ id });
  });
  report('server', { what: '10,000 → barrier → 10,000', ...taken, allowed: 1, memory_mb: server.memory });
}

async function edges(server: BenchServer): Promise<void> {
  const taken = await cost(server, async () => {
    const id = await server.workflow('edges');
    const before = await server.jobs(1000, (number) => plain(id, `before ${number}`));
    await server.jobs(1000, (number) => ({ ...plain(id, `after ${number}`), depends_on_job_ids: before }));
    await server.client.workflows.initializeJobs({ id });
  });
  report('server', { what: '1,000 × 1,000 edges', ...taken, allowed: 4, memory_mb: server.memory });
}

/** The same million edges, said by one file of each of 1,000 jobs that 1,000 others read. */
async function fileEdges(server: BenchServer): Promise<void> {
  const taken = await cost(server, async () => {
    const id = await server.workflow('files');
    const files: number[] = [];
    for (let number = 0; number < 1000; number += 1) {
      const file = { workflow_id: id, name: `f${number}`, path: `f${number}` };
      files.push((await server.client.files.create({ body: file })).id as number);
    }
    await server.jobs(1000, (number) => ({
      ...plain(id, `before ${number}`),
      output_file_ids: [files[number] as number],
    }));
    await server.jobs(1000, (number) => ({ ...plain(id, `after ${number}`), input_file_ids: files }));
    await server.client.workflows.initializeJobs({ id });
  });
  report('server', { what: '1,000 × 1,000 edges through files', ...taken, memory_mb: server.memory });
}

const MANY = 100_000;
const KINDS = 20;

async function many(server: BenchServer): Promise<void> {
  let id = 0;
  const taken = await cost(server, async () => {
    id = await server.workflow('many');
    await server.jobs(MANY, (number) => plain(id, `job ${number}`));
    await server.client.workflows.initializeJobs({ id });
  });
  const memory = { memory_mb: server.memory, memory_allowed: 600 };
  report('server', { what: '100,000 independent jobs', ...taken, allowed: 6, ...memory });
  const { client } = server;
  const list = await latency(15, () => client.jobs.list({ workflow_id: id }));
  report('server', { what: 'list 10,000 jobs of 100,000', ...list, allowed_ms: 60 });
  const isComplete = await latency(50, () => client.workflows.isComplete({ id }));
  report('server', { what: 'is_complete of 100,000 jobs', ...isComplete, allowed_ms: 20 });
  const counts = await latency(15, () =>
    Promise.all(JOB_STATUSES.map((status) => client.jobs.list({ workflow_id: id, status, limit: 1 }))),
  );
  report('server', { what: 'how many of 100,000 jobs in each state', ...counts, allowed_ms: 20 });
}

/** Claims of eight jobs while the queue drains, of one kind of job, and of twenty kinds of which half never fit. */
async function claims(server: BenchServer, kinds: number): Promise<void> {
  const id = await server.workflow('claims');
  const requirements = addRequirements(server.database, id, kinds);
  await server.jobs(MANY, (number) => ({
    ...plain(id, `job ${number}`),
    resource_requirements_id: requirements[number % kinds] as number,
  }));
  await server.client.workflows.initializeJobs({ id });
  const body = { num_cpus: 8, memory_gb: 64, num_gpus: 0, num_nodes: 1 };
  const claim = () =>
    server.client.workflows.claimByResources({ id, limit: 8, sort_method: 'gpus_runtime_memory', body });
  for (const left of [MANY, MANY / 2, MANY / 5, MANY / 20]) {
    await drainTo(server, id, left);
    report('server', {
      what: 'claim of 8 jobs',
      kinds,
      ready: left,
      ...(await latency(200, claim)),
      allowed_ms: 5,
    });
  }
}

/** Of any size for one kind; of several, every other needs more memory than the runner has. */
function addRequirements(database: string, workflow: number, kinds: number): number[] {
  const db = WorkflowDatabase.open(database);
  const insert = db.prepare(
    `INSERT INTO resource_requirements (workflow_id, name, num_cpus, num_gpus, num_nodes, memory, runtime,
       memory_bytes, runtime_s) VALUES (?, ?, 1, 0, 1, '', '', ?, ?)`,
  );
  const ids = Array.from({ length: kinds }, (_, kind) => {
    const bytes = (kind % 2 === 0 ? 1 : 128) * 1024 ** 3;
    return Number(insert.run(workflow, `kind ${kind}`, bytes, 60 * (kind + 1)).lastInsertRowid);
  });
  db.close();
  return ids;
}

async function drainTo(server: BenchServer, id: number, left: number): Promise<void> {
  const { total_count: ready } = await server.client.jobs.list({
    workflow_id: id,
    status: 'ready',
    limit: 1,
  });
  if (ready > left) await server.client.workflows.claimNext({ id, limit: ready - left });
}

const RUNNERS = 8;
const EACH = 1500;

/** Eight runners report the ends of jobs, so many of which come at once; each lets another job go. */
async function completions(server: BenchServer, atOnce: number): Promise<void> {
  const id = await server.workflow('completions');
  const first = await server.jobs(RUNNERS * EACH, (number) => plain(id, `first ${number}`));
  await server.jobs(RUNNERS * EACH, (number) => ({
    ...plain(id, `second ${number}`),
    depends_on_job_ids: [first[number] as number],
  }));
  await server.client.workflows.initializeJobs({ id });
  const db = WorkflowDatabase.open(server.database);
  const node = addNode(db, id);
  db.close();
  const runners = Array.from({ length: RUNNERS }, () =>
    program('completing-runner', server.url, String(id), String(node), String(EACH), String(atOnce)),
  );
  await Promise.all(runners.map(firstLine));
  const taken = await cost(server, async () => {
    for (const runner of runners) runner.stdin.end();
    await Promise.all(runners.map((runner) => once(runner, 'exit')));
  });
  const released = await server.client.jobs.list({ workflow_id: id, status: 'ready', limit: 1 });
  if (released.total_count !== RUNNERS * EACH) throw new Error('not all dependents were released');
  const count = RUNNERS * EACH;
  report('server', {
    what: 'completions from 8 runners',
    at_once: atOnce,
    per_second: count / taken.seconds,
    per_cpu_second: count / taken.cpu,
    at_least: 2000,
    memory_mb: server.memory,
  });
}

function plain(workflow: number, name: string): JobModel {
  return { workflow_id: workflow, name, command: `echo ${name}` };
}

const CASES: ((server: BenchServer) => Promise<void>)[] = [
  barrier,
  edges,
  fileEdges,
  many,
  (server) => claims(server, 1),
  (server) => claims(server, KINDS),
  (server) => completions(server, 1),
  (server) => completions(server, 8),
];
for (const run of CASES) {
  const server = await BenchServer.start();
  try {
    await run(server);
  } finally {
    await server.stop();
  }
}

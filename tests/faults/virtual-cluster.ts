import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { chainOfCheckpoint } from '../../lib/chain/open-chain.js';
import { AfterokError } from '../../lib/errors.js';
import type { Cluster } from '../../lib/pocket/cluster.js';
import { setFaults } from '../../lib/pocket/commands/faults.js';
import { runCommand } from '../../lib/pocket/commands/main.js';
import { PROGRAMS } from '../../lib/pocket/commands/programs.js';
import type { Launch } from '../../lib/pocket/executor.js';
import type { RunId } from '../../lib/pocket/job.js';
import { pass } from '../../lib/pocket/scheduler/pass.js';
import { runEnded } from '../../lib/pocket/scheduler/run-ended.js';
import { endingOf, readLaunchedJob } from '../../lib/pocket/state/launched-job.js';
import { PocketState } from '../../lib/pocket/state/state.js';
import type { SideEffect } from '../../lib/side-effect.js';
import { SlurmCommandError } from '../../lib/slurm/command-error.js';
import type { ProgramOptions, ProgramResult } from '../../lib/slurm/programs.js';
import { handle } from './commands.js';
import type { SeededRandom } from './random.js';
import { naturalEnd, type TaskNature } from './task-model.js';
import { Timeline } from './timeline.js';
import { emptyTruth, type TrueRun } from './truth.js';
import { type ProcessEnd, VirtualProcess, type World } from './virtual-process.js';

/** When virtual time begins: an arbitrary moment. */
const EPOCH = 1_800_000_000;

/** Seconds after which a lock whose holder died is taken over (open-chain.ts). */
const LOCK_STALE = 30;

/** Seconds that a command takes to say that the controller is away (measured on Slurm 22.05). */
const CONTROLLER_DOWN_ANSWER = 19;

/** What goes wrong beside the fault switches of the embedded scheduler. */
export interface Troubles {
  /** Seconds by which the clocks of all machines but the controller's are off. */
  skew: number;
  /** No process can write a file. */
  diskFull: boolean;
  /** sbatch refuses for good, in these words. */
  refusal: string | null;
  /** Seconds that every command takes longer. */
  slow: number;
  /** Nodes on which every task ends at once. */
  broken: Set<string>;
}

/** What a run on the cluster is to the fault suite. */
type Running =
  | { kind: 'task'; id: RunId; run: TrueRun; nature: TaskNature }
  | { kind: 'handler'; id: RunId; process: VirtualProcess }
  | { kind: 'foreign'; id: RunId };

interface RunExit {
  code: number;
  signal: number;
  outOfMemory?: boolean;
  maxRss?: number;
}

/**
 * A whole cluster in one process and in virtual time: the embedded scheduler with its state in memory, tasks that end by
 * a model, handlers that run the chain's real code. Everything that happens follows from the seed.
 */
export class VirtualCluster implements World {
  readonly timeline = new Timeline(EPOCH);
  readonly state: PocketState;
  readonly truth = emptyTruth();
  readonly troubles: Troubles = { skew: 0, diskFull: false, refusal: null, slow: 0, broken: new Set() };
  /** Processes that live. */
  readonly processes = new Set<VirtualProcess>();
  /** Called at every moment of every process. */
  watch: (process: VirtualProcess, moment: 'before' | 'after', effect: SideEffect) => void = () => {};
  /** How many moments a new process lives; null for as long as it likes. */
  fate: (name: string) => number | null = () => null;
  private readonly running = new Map<string, Running>();
  /** How often each index ran with what it needs. */
  private readonly fedRuns = new Map<number, number>();
  private dirty = false;
  private nextPass = Number.POSITIVE_INFINITY;

  constructor(
    cluster: Cluster,
    private readonly random: SeededRandom,
    private readonly natureOf: (index: number) => TaskNature,
  ) {
    const { timeline } = this;
    this.state = PocketState.inMemory(cluster, {
      now: () => timeline.now,
      at: (machineTime) => machineTime / 1000,
      realMilliseconds: (seconds) => seconds * 1000,
    });
  }

  get elapsed(): number {
    return this.timeline.now - EPOCH;
  }

  close(): void {
    this.state.close();
  }

  log(text: string): void {
    this.truth.log.push(`${this.elapsed.toFixed(2).padStart(10)}  ${text}`);
  }

  fault(text: string): void {
    this.truth.faults.push(`${this.elapsed.toFixed(1)} s: ${text}`);
    this.log(`FAULT ${text}`);
  }

  /** Turns a fault switch of the embedded scheduler. */
  turn(name: string, value: number): void {
    setFaults(this.state, [`${name}=${value}`]);
  }

  /** Somebody changed the scheduler's state. */
  touch(): void {
    this.dirty = true;
  }

  /** Lets time go on until the next thing has happened; false when nothing is left to happen. */
  async step(): Promise<boolean> {
    if (!(await this.timeline.step())) return false;
    while (this.dirty) await this.pass();
    return true;
  }

  /** Runs a command of Slurm as a person does, at once. */
  async byHand(argv: readonly string[]): Promise<ProgramResult> {
    return await this.execute(argv, { env: {}, cwd: '/', timeout: 60 });
  }

  /** Starts a process of the chain's code; resolves when it waits for the first time. */
  async start(
    name: string,
    env: NodeJS.ProcessEnv,
    work: (process: VirtualProcess) => Promise<void>,
    onEnd: (end: ProcessEnd) => void = () => {},
    register: (process: VirtualProcess) => void = () => {},
  ): Promise<VirtualProcess> {
    const process = new VirtualProcess(name, env, this, this.fate(name));
    this.processes.add(process);
    register(process);
    this.log(
      `${name} begins${process.killAt === null ? '' : ` (is killed at its moment ${process.killAt})`}`,
    );
    await process.start(
      () => work(process),
      (end) => {
        this.processes.delete(process);
        this.processEnded(process, end);
        onEnd(end);
      },
    );
    return process;
  }

  runningHandlers(): VirtualProcess[] {
    return [...this.running.values()].flatMap((entry) => (entry.kind === 'handler' ? entry.process : []));
  }

  runningTasks(): TrueRun[] {
    return [...this.running.values()].flatMap((entry) => (entry.kind === 'task' ? entry.run : []));
  }

  /** A handler is ended by the machine that it runs on. */
  async killHandler(process: VirtualProcess, outOfMemory: boolean): Promise<void> {
    const found = [...this.running].find(
      ([, entry]) => entry.kind === 'handler' && entry.process === process,
    );
    await process.kill();
    if (found !== undefined) this.endRun(found[0], { code: 0, signal: 9, outOfMemory });
  }

  // What processes see of the world.

  clock(): number {
    return this.timeline.now + this.troubles.skew;
  }

  call(argv: readonly string[]): { before: number; after: number } {
    const away = argv[0] !== 'sacct' && Number(this.state.setting('fault.controller_down') ?? 0) > 0;
    const before = this.random.between(0.01, 0.2) + this.troubles.slow + (away ? CONTROLLER_DOWN_ANSWER : 0);
    return { before, after: this.random.between(0.01, 0.1) };
  }

  async execute(argv: readonly string[], { env, cwd }: ProgramOptions): Promise<ProgramResult> {
    const [word = '', ...rest] = argv;
    const program = PROGRAMS.find((known) => known === word);
    if (program === undefined) throw new Error(`no program ${word}`);
    let stdout = '';
    let stderr = '';
    const context = {
      env,
      cwd,
      readInput: () => Buffer.alloc(0),
      out: (text: string) => {
        stdout += text;
      },
      err: (text: string) => {
        stderr += text;
      },
      state: this.state,
      wake: () => this.touch(),
      changed: () => Promise.reject(new Error(`${word} waits`)),
    };
    const refused = program === 'sbatch' && this.troubles.refusal !== null && rest[0] !== '--test-only';
    if (refused) stderr = `sbatch: error: Batch job submission failed: ${this.troubles.refusal}\n`;
    const exitCode = refused ? 1 : await runCommand(program, rest, context);
    const answer = (stdout || stderr).trim().replaceAll('\n', ' / ').slice(0, 200);
    this.log(`${describeCall(argv)} -> ${exitCode}${answer === '' ? '' : ` ${answer}`}`);
    return { exitCode, stdout, stderr, timedOut: false };
  }

  witness(process: VirtualProcess, moment: 'before' | 'after', effect: SideEffect): void {
    this.watch(process, moment, effect);
    if (effect.what.endsWith('.checkpoint')) process.checkpoint = effect.what;
    // A submission takes the lock by itself, once there is a checkpoint.
    const lock = `${process.checkpoint}.lock`;
    if (process.lock === null && process.checkpoint !== null && existsSync(lock)) process.lock = lock;
    const writes = effect.kind === 'write' || effect.kind === 'make-folder';
    if (this.troubles.diskFull && moment === 'before' && writes) {
      throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    }
  }

  private processEnded(process: VirtualProcess, end: ProcessEnd): void {
    const how = end.kind === 'failed' ? `fails: ${(end.error as Error).message}` : end.kind;
    this.log(`${process.name}: ${how}`);
    if (end.kind === 'killed') {
      this.truth.killed += 1;
      this.leaveLock(process);
    }
    if (end.kind === 'failed' && !isOrdinary(end.error)) {
      this.truth.crashes.push(`${process.name} crashed: ${(end.error as Error).stack}`);
    }
  }

  /** Who is killed leaves its lock, until it is stale; within this suite it gave it back as its work was torn down. */
  private leaveLock({ lock, name }: VirtualProcess): void {
    if (lock === null || !existsSync(dirname(lock)) || existsSync(lock)) return;
    mkdirSync(lock);
    this.log(`${name} leaves its lock`);
    this.timeline.after(LOCK_STALE, () => rmSync(lock, { recursive: true, force: true }));
  }

  private async pass(): Promise<void> {
    this.dirty = false;
    const { launches, signals, wakeAt } = pass(this.state, this.timeline.now);
    for (const launch of launches) await this.launch(launch);
    for (const { run, signal } of signals) await this.signal(keyOf(run), signal);
    if (wakeAt === null || wakeAt >= this.nextPass) return;
    this.nextPass = wakeAt;
    this.timeline.at(wakeAt, () => {
      this.nextPass = Number.POSITIVE_INFINITY;
      this.dirty = true;
    });
  }

  private async launch(launch: Launch): Promise<void> {
    const job = readLaunchedJob(this.state, launch.job);
    const row = this.state.sql<{ comment: string }>('SELECT comment FROM job WHERE id = ?').get(launch.job);
    const token = /^afterok:([\w-]+):r(\d+):([jh])\d+/.exec(row?.comment ?? '');
    const env = variables(job.environment);
    if (token === null) this.launchForeign(launch);
    else if (token[3] === 'h') {
      await this.launchHandler(launch, { ...env, SLURM_JOB_ID: String(launch.job) }, job.script.toString());
    } else {
      const [, chain = '', round = ''] = token;
      const index = trueIndex(launch.arrayIndex, job.submission.command);
      const level = Number(env.MEM_ESCALATE_LEVEL);
      this.launchTask(launch, { chain, round: Number(round), index, level });
    }
  }

  private launchForeign({ run }: Launch): void {
    this.running.set(keyOf(run), { kind: 'foreign', id: run });
    this.timeline.after(this.random.between(1, 30), () => this.endRun(keyOf(run), { code: 0, signal: 0 }));
  }

  private launchTask(launch: Launch, who: Pick<TrueRun, 'chain' | 'round' | 'index' | 'level'>): void {
    const { memory, timeLimit, nodes, job, run: id } = launch;
    const node = nodes.join(',');
    const startedAt = this.timeline.now;
    const run: TrueRun = { ...who, job, node, memory, timeLimit, startedAt, endedAt: null, end: null };
    const nature = this.natureOf(run.index);
    const fed = this.fedRuns.get(run.index) ?? 0;
    const broken = this.troubles.broken.has(node);
    const { after, exit, outOfMemory, maxRss } = naturalEnd(nature, fed, memory, broken);
    if (!broken && !outOfMemory && after < timeLimit) this.fedRuns.set(run.index, fed + 1);
    const key = keyOf(id);
    this.truth.runs.push(run);
    this.running.set(key, { kind: 'task', id, run, nature });
    this.log(`task ${run.index} of round ${run.round} starts at level ${run.level} on ${node}, run ${key}`);
    this.timeline.after(after, () => this.endRun(key, { ...exit, outOfMemory, maxRss }));
  }

  private async launchHandler(launch: Launch, env: NodeJS.ProcessEnv, script: string): Promise<void> {
    const checkpoint = /'([^']*\.checkpoint)'/.exec(script)?.[1];
    if (checkpoint === undefined) throw new Error('a handler without a checkpoint');
    const id = launch.run;
    await this.start(
      `handler ${launch.job}`,
      env,
      (process) => handle(process, chainOfCheckpoint(checkpoint)),
      (end) => this.endRun(keyOf(id), exitOf(end)),
      (process) => this.running.set(keyOf(id), { kind: 'handler', id, process }),
    );
  }

  private async signal(key: string, signal: number): Promise<void> {
    const entry = this.running.get(key);
    if (entry === undefined || (signal !== 15 && signal !== 9)) return;
    if (entry.kind === 'handler') await this.killHandler(entry.process, false);
    else if (entry.kind === 'task' && entry.nature.stubborn && signal === 15) return;
    else this.endRun(key, { code: 0, signal });
  }

  private endRun(key: string, exit: RunExit): void {
    const entry = this.running.get(key);
    if (entry === undefined) return;
    this.running.delete(key);
    const ending = endingOf(this.state, entry.id);
    const { code, signal, outOfMemory = false, maxRss = null } = exit;
    if (entry.kind === 'task') {
      entry.run.endedAt = this.timeline.now;
      entry.run.end = {
        state: ending ?? (outOfMemory ? 'OUT_OF_MEMORY' : code + signal === 0 ? 'COMPLETED' : 'FAILED'),
        code,
      };
      this.log(
        `task ${entry.run.index} of round ${entry.run.round} ends: ${entry.run.end.state} ${code}:${signal}`,
      );
    }
    runEnded(this.state, {
      run: entry.id,
      exit: { code, signal },
      outOfMemory,
      maxRss,
      launchFailed: false,
      lost: false,
      endedAt: this.timeline.now,
    });
    this.dirty = true;
  }
}

function keyOf({ rawId, restart }: RunId): string {
  return `${rawId}.${restart}`;
}

function exitOf(end: ProcessEnd): RunExit {
  if (end.kind === 'killed') return { code: 0, signal: 9 };
  return { code: end.kind === 'done' ? 0 : 1, signal: 0 };
}

/** Errors that tell a person what to do; any other is a mistake in the program. */
function isOrdinary(error: unknown): boolean {
  return (
    error instanceof AfterokError ||
    error instanceof SlurmCommandError ||
    (error as NodeJS.ErrnoException).code === 'ENOSPC'
  );
}

function variables(environment: Buffer): NodeJS.ProcessEnv {
  const entries = environment.toString().split('\0').filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

/** The index that a task sees; the script of a mapped job looks it up in the map beside its folder. */
function trueIndex(arrayIndex: number | null, script: string | null): number {
  if (arrayIndex === null) return 0;
  const folder = script === null ? '' : dirname(script);
  if (!/\/round-\d+-job-\d+$/.test(folder)) return arrayIndex;
  const line = readFileSync(`${folder}.map`, 'utf8').split('\n')[arrayIndex];
  if (line === undefined || line === '') throw new Error(`no index for task ${arrayIndex} in ${folder}.map`);
  return Number(line);
}

function describeCall([program = '', ...args]: readonly string[]): string {
  if (program !== 'sbatch')
    return [program, ...args]
      .join(' ')
      .replace(/--format=\S+|-o \S+/g, '')
      .slice(0, 120);
  const told = args.filter((arg) =>
    /^--(test-only|array|comment|dependency|begin|exclude|mem|time|partition)/.test(arg),
  );
  return [program, ...told].join(' ');
}

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { ChainState, Checkpoint, TaskOutcome } from '../../lib/chain/checkpoint.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { type Finished, run } from '../program.js';
import { waitFor } from '../wait-for.js';
import { audit } from './audit.js';
import { accounting, clusterEnv, expandSpec, queued } from './cluster.js';

export const MEM_ESCALATE = `${PACKAGE_ROOT}dist/bin/mem-escalate.js`;
export const PLAN_JOB = `${PACKAGE_ROOT}tests/jobs/plan-job.sh`;

/** Four small levels that the test cluster can run; what a test needs besides stands behind it. */
export const LADDER = `levels:
  - {partition: "devel,day,week,pi_jetz", mem: 64M, time: "00:01:00"}
  - {partition: "day,week,pi_jetz", mem: 128M, time: "00:01:00"}
  - {partition: "week,pi_jetz", mem: 256M, time: "00:02:00"}
  - {partition: "pi_jetz", mem: 512M, time: "00:04:00"}
`;

/** What a test wants submitted. */
export interface Submission {
  /** `--array`; without it a single job. */
  array?: string;
  /** Behaviour of each index of tests/jobs/plan-job.sh, one word an attempt; `*` for all others. */
  plan?: Readonly<Record<string, string>>;
  /** Another script instead, and its arguments. */
  script?: string;
  args?: readonly string[];
  /** Text of the ladder file. */
  ladder?: string;
  /** Further options of mem-escalate. */
  options?: readonly string[];
  /** Variables besides the cluster's. */
  env?: NodeJS.ProcessEnv;
  /** Called with the chain's working folder before anything is submitted. */
  prepare?: (folder: string) => void;
}

/** A folder of its own for one test, with a tracker in it, on the running cluster. */
export class Bench {
  private readonly chains: Chain[] = [];

  private constructor(
    readonly folder: string,
    readonly env: NodeJS.ProcessEnv,
  ) {}

  /** What fails stays on disk; what passes is removed, and nothing of it is left in the queue. */
  static async open(t: Test): Promise<Bench> {
    const folder = mkdtempSync(join(tmpdir(), 'afterok-test-'));
    const tracker = join(folder, 'tracker');
    const bench = new Bench(folder, {
      ...(await clusterEnv()),
      AFTEROK_TRACKER: tracker,
      AFTEROK_LOCK_STALE: '2',
    });
    t.teardown(async () => {
      for (const chain of bench.chains) await chain.sweep();
      if (t.passing()) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      else t.comment(`files of the failed test: ${folder}`);
    });
    return bench;
  }

  get tracker(): string {
    return join(this.folder, 'tracker');
  }

  /** Runs mem-escalate in the bench's folder. */
  async run(args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = this.folder): Promise<Finished> {
    return await run([process.execPath, MEM_ESCALATE, ...args], { env: { ...this.env, ...env }, cwd });
  }

  /** Runs the submission, whatever becomes of it; the chain's working folder is made first. */
  async trySubmit(wish: Submission): Promise<Finished & { folder: string }> {
    const folder = mkdtempSync(join(this.folder, 'chain-'));
    mkdirSync(join(folder, 'ran'));
    const lines = Object.entries(wish.plan ?? {}).map(([index, behaviours]) => `${index} ${behaviours}\n`);
    // `*` takes what no line before it names.
    writeFileSync(
      join(folder, 'plan.txt'),
      lines.sort((a, b) => Number(a[0] === '*') - Number(b[0] === '*')).join(''),
    );
    writeFileSync(join(folder, 'ladder.yaml'), wish.ladder ?? LADDER);
    wish.prepare?.(folder);
    const array = wish.array === undefined ? [] : ['--array', wish.array];
    const script = wish.script ?? PLAN_JOB;
    const argv = ['--parsable', '--no-wait', '-c', 'ladder.yaml', ...array, ...(wish.options ?? []), script];
    return { ...(await this.run([...argv, ...(wish.args ?? [])], wish.env, folder)), folder };
  }

  async submit(wish: Submission): Promise<Chain> {
    const { code, stdout, stderr, folder } = await this.trySubmit(wish);
    if (code !== 0) throw new Error(`mem-escalate: exit ${code}\n${stdout}${stderr}`);
    return this.chain(stdout.trim(), folder, wish.array);
  }

  /** A chain of this bench's tracker, by its id. */
  chain(id: string, folder: string, array: string | undefined): Chain {
    const chain = new Chain(
      this,
      id,
      folder,
      array === undefined ? [0] : expandSpec(array.replace(/%\d+$/, '')),
    );
    this.chains.push(chain);
    return chain;
  }

  /** The chains that have a checkpoint. */
  chainIds(): string[] {
    const names = readdirSync(join(this.tracker, 'checkpoints'));
    return names
      .filter((name) => name.endsWith('.checkpoint'))
      .map((name) => name.replace('.checkpoint', ''));
  }

  /** Writes a program that stands before Slurm's own of that name; `$REAL` is Slurm's. */
  async wrapper(name: string, body: string): Promise<{ PATH: string }> {
    const bin = mkdtempSync(join(this.folder, 'bin-'));
    const real = (await run(['bash', '-c', `command -v ${name}`], { env: this.env })).stdout.trim();
    writeFileSync(join(bin, name), `#!/bin/bash\nREAL=${real}\n${body}\n`, { mode: 0o755 });
    return { PATH: `${bin}:${this.env.PATH}` };
  }
}

/** A chain that was submitted. */
export class Chain {
  constructor(
    readonly bench: Bench,
    readonly id: string,
    /** Where it was submitted, and its jobs run. */
    readonly folder: string,
    readonly indices: readonly number[],
  ) {}

  get checkpointFile(): string {
    return join(this.bench.tracker, 'checkpoints', `${this.id}.checkpoint`);
  }

  get chainFolder(): string {
    return join(this.bench.tracker, 'chains', this.id);
  }

  checkpoint(): Checkpoint {
    return JSON.parse(readFileSync(this.checkpointFile, 'utf8')) as Checkpoint;
  }

  /** Lets tasks with the behaviour `gate` go on. */
  openGate(): void {
    writeFileSync(join(this.folder, 'go'), '');
  }

  async run(option: string, ...further: string[]): Promise<Finished> {
    return await this.bench.run([option, this.id, ...further]);
  }

  /** What `--status` or `--report` says as JSON. */
  async json<T>(option: '--status' | '--report'): Promise<T> {
    const { code, stdout, stderr } = await this.run(option, '-f', 'json');
    if (code !== 0) throw new Error(`${option}: exit ${code}\n${stdout}${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** Waits until the chain is in this state. Fails early when it is blocked, stopped, ended otherwise, or stalled. */
  async waitForEnd(state: ChainState, seconds = 240): Promise<Checkpoint> {
    let idleSince: number | null = null;
    let looks = 0;
    return await waitFor(
      `chain ${this.id} ${state}`,
      seconds,
      async () => {
        const checkpoint = this.checkpoint();
        if (checkpoint.state === state) return checkpoint;
        if (checkpoint.state !== 'active') throw new Error(await this.describe(`expected ${state}`));
        looks += 1;
        if (looks % 12 > 0) return undefined;
        idleSince = (await this.leftovers()).length > 0 ? null : (idleSince ?? Date.now());
        if (idleSince !== null && Date.now() - idleSince > 8000)
          throw new Error(await this.describe('stalled'));
        return undefined;
      },
      () => this.describe(''),
    );
  }

  /** Waits until the checkpoint is as wanted. */
  async until(what: string, holds: (checkpoint: Checkpoint) => boolean, seconds = 120): Promise<Checkpoint> {
    const look = () => {
      const checkpoint = this.checkpoint();
      return holds(checkpoint) ? checkpoint : undefined;
    };
    return await waitFor(`chain ${this.id}: ${what}`, seconds, look, () => this.describe(''));
  }

  /** Waits until so many tasks are running, by their marks. */
  async untilMarks(count: number, seconds = 60): Promise<void> {
    const look = () => (this.marks().length >= count ? true : undefined);
    await waitFor(`chain ${this.id}: ${count} attempts begun`, seconds, look, () => this.describe(''));
  }

  /** The outcome file of each finished round. */
  outcomes(): Map<number, TaskOutcome[]> {
    const rounds = this.checkpoint().rounds.filter((round) => round.result !== null);
    return new Map(
      rounds.map(({ number }) => {
        const text = readFileSync(join(this.chainFolder, `round-${number}.outcomes.jsonl`), 'utf8');
        return [
          number,
          text
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as TaskOutcome),
        ];
      }),
    );
  }

  /** Every attempt of every index, `LEVEL STATE CODE:SIGNAL` as sacct has it: `{4: '0 OUT_OF_MEMORY 0:125, 1 COMPLETED 0:0'}`. */
  attempts(): Record<number, string> {
    const { rounds } = this.checkpoint();
    const told: Record<number, string> = {};
    for (const [number, outcomes] of this.outcomes()) {
      for (const { index, state, exit } of outcomes) {
        const job = rounds[number - 1]?.jobs.find(({ indices }) => expandSpec(indices).includes(index));
        const text = `${job?.level} ${state} ${exit.code % 128}:${exit.signal}`;
        told[index] = told[index] === undefined ? text : `${told[index]}, ${text}`;
      }
    }
    return told;
  }

  /** The marks that attempts of the plan job left behind, `INDEX LEVEL`, sorted: what ran, whatever anyone says. */
  marks(): string[] {
    const folder = join(this.folder, 'ran');
    const line = (name: string) => `${name.split('.')[0]} ${readFileSync(join(folder, name), 'utf8').trim()}`;
    return readdirSync(folder).map(line).sort();
  }

  /** What attempts say that marks have to say. */
  marksOfAttempts(): string[] {
    return Object.entries(this.attempts())
      .flatMap(([index, told]) => told.split(', ').map((attempt) => `${index} ${attempt.split(' ')[0]}`))
      .sort();
  }

  /** What the independent replay of the chain finds wrong; accounting gets a while to catch up. */
  async violations(exitsLost = false): Promise<string[]> {
    const { checkpoint, outcomes, indices } = {
      checkpoint: this.checkpoint(),
      outcomes: this.outcomes(),
      indices: this.indices,
    };
    const jobs = checkpoint.rounds.flatMap((round) => round.jobs.flatMap((job) => job.jobId ?? []));
    let found: string[] = [];
    const clean = async () => {
      found = audit({ checkpoint, indices, outcomes, rows: await accounting(jobs), exitsLost });
      return found.length === 0 ? true : undefined;
    };
    await waitFor('accounting agrees', 15, clean).catch(() => {});
    return found;
  }

  /** What is left of it in the queue. */
  async leftovers(): Promise<string[]> {
    return await queued(`afterok:${this.id}:`);
  }

  /**
   * All that holds for every chain that has ended: conservation, one attempt a round, an empty queue.
   *
   * @param exitsLost accounting was away when tasks ended
   */
  async assertSound(t: Test, exitsLost = false): Promise<void> {
    t.strictSame(
      await this.violations(exitsLost),
      [],
      `chain ${this.id}: every index ended once, one attempt a round`,
    );
    await t.resolves(this.untilLeftovers(0), `chain ${this.id}: nothing is left in the queue`);
  }

  /** Waits until so many jobs of it are left in the queue: a handler that has just ended gets a moment to go. */
  async untilLeftovers(count: number, seconds = 30): Promise<void> {
    const look = async () => ((await this.leftovers()).length === count ? true : undefined);
    await waitFor(`chain ${this.id}: ${count} jobs left in the queue`, seconds, look, () =>
      this.describe(''),
    );
  }

  /** Takes what a failed test left out of the queue. */
  async sweep(): Promise<void> {
    const ids = (await this.leftovers()).map((line) => line.split('|')[1]?.split('_')[0] ?? '');
    if (ids.length > 0) await run(['scancel', ...new Set(ids)], { env: this.bench.env });
  }

  /** Everything that helps to understand a chain that is not as expected. */
  async describe(problem: string): Promise<string> {
    const { state, reason, rounds, events } = this.checkpoint();
    const last = rounds.at(-1);
    const logs = readdirSync(this.chainFolder).filter((name) => name.endsWith('.log'));
    return [
      `chain ${this.id} ${problem}: ${state} ${reason ?? ''}, round ${last?.number} ${last?.phase}`,
      ...events.map((event) => `  ${event.at.toFixed(1)} round ${event.round} ${event.kind}: ${event.text}`),
      'queue:',
      ...(await this.leftovers()),
      ...logs.flatMap((name) => [`${name}:`, readFileSync(join(this.chainFolder, name), 'utf8')]),
    ].join('\n');
  }
}

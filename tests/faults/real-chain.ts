import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { Checkpoint } from '../../lib/chain/checkpoint.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { type Finished, run } from '../program.js';

const MEM_ESCALATE = `${PACKAGE_ROOT}dist/bin/mem-escalate.js`;
const POCKET_SLURM = `${PACKAGE_ROOT}dist/bin/pocket-slurm.js`;
const PLAN_JOB = `${PACKAGE_ROOT}tests/jobs/plan-job.sh`;

const LADDER = `levels:
  - {partition: "day", mem: 64M, time: "00:01:00"}
  - {partition: "week", mem: 128M, time: "00:01:00"}
`;

/** A chain of real processes on an embedded scheduler of its own. */
export class RealChain {
  private constructor(
    readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** @param plan lines of plan.txt, see tests/jobs/plan-job.sh */
  static open(t: Test, plan: string): RealChain {
    const folder = mkdtempSync(join(tmpdir(), 'afterok-real-'));
    mkdirSync(join(folder, 'ran'));
    writeFileSync(join(folder, 'plan.txt'), plan);
    writeFileSync(join(folder, 'ladder.yaml'), LADDER);
    const own = Object.entries(process.env).filter(([name]) => !/^(AFTEROK_|SLURM_|SBATCH_|TAP)/.test(name));
    const chain = new RealChain(folder, {
      ...Object.fromEntries(own),
      AFTEROK_LOCAL: '1',
      AFTEROK_POCKET_STATE: join(folder, 'pocket'),
      AFTEROK_TRACKER: join(folder, 'tracker'),
      // A requeued handler waits for two minutes of the cluster's time.
      AFTEROK_TIME_SCALE: '30',
      AFTEROK_LOCK_STALE: '2',
    });
    t.teardown(async () => {
      await run([process.execPath, POCKET_SLURM, 'stop'], { env: chain.env });
      if (t.passing()) rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
      else t.comment(`files of the failed test: ${folder}`);
    });
    return chain;
  }

  get state(): string {
    return join(this.folder, 'pocket');
  }

  async command(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return await run([process.execPath, MEM_ESCALATE, ...args], {
      env: { ...this.env, ...env },
      cwd: this.folder,
      timeout: 60,
    });
  }

  /** Starts the daemon, if it does not run. */
  async wake(): Promise<void> {
    await run([process.execPath, POCKET_SLURM, 'start'], { env: this.env, timeout: 60 });
  }

  async submit(array: string, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
    return await this.command(['--no-wait', '-c', 'ladder.yaml', '--array', array, PLAN_JOB], env);
  }

  /** Null when the submission has left no chain. */
  get checkpoint(): Checkpoint | null {
    const folder = join(this.folder, 'tracker', 'checkpoints');
    let names: string[] = [];
    try {
      names = readdirSync(folder).filter((name) => name.endsWith('.checkpoint'));
    } catch {
      // No tracker yet.
    }
    const [name] = names;
    return name === undefined ? null : (JSON.parse(readFileSync(join(folder, name), 'utf8')) as Checkpoint);
  }

  /** Of every attempt `INDEX.JOB LEVEL`. */
  marks(): string[] {
    const folder = join(this.folder, 'ran');
    return readdirSync(folder).map((name) => `${name} ${readFileSync(join(folder, name), 'utf8').trim()}`);
  }

  /** `INDEX LEVEL` of every attempt, whatever the jobs' ids. */
  attempts(): string[] {
    return this.marks()
      .map((mark) => mark.replace(/^(\w+)\.\d+ /, '$1 '))
      .sort();
  }

  describe(): string {
    return `${JSON.stringify(this.checkpoint?.events, null, 1)}\n${this.marks().join('\n')}`;
  }
}

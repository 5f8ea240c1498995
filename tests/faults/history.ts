import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHAIN_STATES, type Checkpoint } from '../../lib/chain/checkpoint.js';
import { listChains, readCheckpoint } from '../../lib/chain/open-chain.js';
import { type ChainPaths, TrackerPaths } from '../../lib/chain/paths.js';
import { checkRequest } from '../../lib/chain/request.js';
import { startChain } from '../../lib/chain/start.js';
import { callOff, takeUp } from './commands.js';
import { FAULT_TABLE } from './fault-table.js';
import type { HistoryPlan } from './history-plan.js';
import type { SeededRandom } from './random.js';
import type { Truth } from './truth.js';
import { VirtualCluster } from './virtual-cluster.js';
import type { VirtualProcess } from './virtual-process.js';

/** What a finished history leaves for the checker. */
export interface HistoryRecord {
  plan: HistoryPlan;
  truth: Truth;
  /** Null when the submission left no chain. */
  chain: { paths: ChainPaths; checkpoint: Checkpoint } | null;
  /** Of the chain, in the queue when nothing was left to happen: `squeue` lines. */
  leftovers: string[];
  /** Virtual seconds. */
  elapsed: number;
}

const SCRIPT = '#!/bin/bash\n#SBATCH --job-name=virtual\n./compute "$@"\n';

/** Seconds between two looks of the person at the chain. */
const LOOK = 400;

/** Virtual time after which faults have long ended and the person only resumes. */
const CALM = 8000;

/** Virtual time after which nobody looks any more: what has not ended waits for ever. */
const LONGEST = 30 * 86_400;

/** How often a person takes up a chain before the checker hears that it never ends. */
const PATIENCE = 60;

/** Moments at which a process that is to die does: handlers have about forty. */
const KILL_MOMENTS = 45;

/** One chain from its submission to its end, with all that goes wrong meanwhile. */
export class History {
  readonly folder: string;
  readonly cluster: VirtualCluster;
  readonly tracker: TrackerPaths;
  private readonly env: NodeJS.ProcessEnv;
  private resumes = 0;
  /** A person wants it cancelled, and has not been told yet that it is. */
  private unwanted = false;

  constructor(
    private readonly plan: HistoryPlan,
    random: SeededRandom,
  ) {
    this.folder = mkdtempSync(join(memoryFolder(), 'afterok-faults-'));
    mkdirSync(join(this.folder, 'tracker'));
    writeFileSync(join(this.folder, 'job.sh'), SCRIPT);
    this.tracker = new TrackerPaths(join(this.folder, 'tracker'));
    this.env = { HOME: this.folder, PATH: '/usr/bin:/bin' };
    this.cluster = new VirtualCluster(plan.cluster, random.fork(), (index) => {
      const nature = plan.natures.get(index);
      if (nature === undefined) throw new Error(`index ${index} is none of the chain's`);
      return nature;
    });
    const fate = random.fork();
    this.cluster.fate = () => (fate.chance(this.killRate) ? fate.integer(1, KILL_MOMENTS) : null);
  }

  /** Runs it to its end. */
  async run(): Promise<HistoryRecord> {
    const { cluster, plan } = this;
    for (const { name, at, random } of plan.faults) {
      cluster.timeline.after(at, () => FAULT_TABLE[name].inject(this, random));
    }
    cluster.timeline.after(1, () => this.submit());
    cluster.timeline.after(LOOK, () => this.look());
    while (await cluster.step());
    return {
      plan,
      truth: cluster.truth,
      chain: this.chain,
      leftovers: await this.leftovers(),
      elapsed: cluster.elapsed,
    };
  }

  dispose(): void {
    this.cluster.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async resume(): Promise<void> {
    const paths = this.paths;
    if (paths === null) return;
    await this.start('resume', (process) => takeUp(process, paths));
  }

  async cancel(): Promise<void> {
    const paths = this.paths;
    if (paths === null) return;
    if (!this.unwanted) this.cluster.fault('the chain is cancelled');
    this.unwanted = true;
    await this.start('cancel', async (process) => {
      await callOff(process, paths);
      this.unwanted = false;
    });
  }

  async cancelTask(random: SeededRandom): Promise<void> {
    const { cluster } = this;
    const rows = cluster.state
      .sql<{ job: number; task: number | null }>(
        `SELECT job, array_index AS task FROM task JOIN job ON job.id = task.job
         WHERE comment LIKE 'afterok:%:j%' AND ended_at IS NULL ORDER BY task.id`,
      )
      .all();
    if (rows.length === 0) return;
    const chosen = random.pick(rows);
    const id = chosen.task === null ? String(chosen.job) : `${chosen.job}_${chosen.task}`;
    cluster.fault(`scancel ${id}`);
    const { exitCode } = await cluster.byHand(['scancel', id]);
    if (exitCode === 0) cluster.truth.cancelledByHand.push(chosen);
  }

  async cancelHandler(random: SeededRandom): Promise<void> {
    const { cluster } = this;
    const rows = cluster.state
      .sql<{ job: number }>(
        `SELECT job FROM task JOIN job ON job.id = task.job
         WHERE comment LIKE 'afterok:%:h%' AND ended_at IS NULL ORDER BY task.id`,
      )
      .all();
    if (rows.length === 0) return;
    const { job } = random.pick(rows);
    cluster.fault(`scancel ${job} (a handler)`);
    await cluster.byHand(['scancel', String(job)]);
  }

  /** Null before the submission has made one, and after it has taken it back. */
  private get paths(): ChainPaths | null {
    const [chain] = listChains(this.tracker);
    return chain === undefined ? null : this.tracker.chain(chain);
  }

  private get chain(): HistoryRecord['chain'] {
    const { paths } = this;
    return paths === null ? null : { paths, checkpoint: readCheckpoint(paths) };
  }

  private get killRate(): number {
    return this.cluster.elapsed > CALM ? 0 : this.plan.killRate;
  }

  private async submit(): Promise<void> {
    const { plan, env, folder } = this;
    const wish = {
      script: 'job.sh',
      args: ['two words', 'a,b'],
      array: plan.array,
      throttle: plan.throttle,
      exports: [],
      sbatchOptions: [],
      startLevel: 0,
      maxLevel: plan.ladder.levels.length - 1,
    };
    await this.start('submission', async () => {
      const checked = checkRequest(wish, env, folder);
      await startChain(this.tracker, checked, plan.ladder, env);
    });
  }

  private async start(name: string, work: (process: VirtualProcess) => Promise<void>): Promise<void> {
    await this.cluster.start(name, this.env, work);
  }

  /** A person looks at the chain, and takes it up when nothing would go on by itself. */
  private async look(): Promise<void> {
    const { cluster, chain } = this;
    if (this.unwanted && cluster.processes.size === 0 && this.resumes < PATIENCE) {
      this.resumes += 1;
      await this.cancel();
      cluster.timeline.after(LOOK, () => this.look());
      return;
    }
    if (chain === null || CHAIN_STATES[chain.checkpoint.state].ended) {
      // A submission may still be under way, or a killed one may yet be looked at.
      if (cluster.processes.size > 0) cluster.timeline.after(LOOK, () => this.look());
      return;
    }
    if (this.resumes >= PATIENCE || cluster.elapsed > LONGEST) return;
    const stalled = cluster.processes.size === 0 && this.queue().length === 0;
    const waits = chain.checkpoint.state === 'blocked' || chain.checkpoint.state === 'stopped';
    if (stalled || waits || this.heldAndQuiet(chain.checkpoint)) {
      this.resumes += 1;
      await this.resume();
    }
    cluster.timeline.after(LOOK, () => this.look());
  }

  /** Status calls such a chain HELD or SUBMITTING, and tells to resume it. */
  private heldAndQuiet({ rounds }: Checkpoint): boolean {
    const phase = rounds.at(-1)?.phase;
    return (
      this.cluster.processes.size === 0 &&
      (phase === 'submitting' || phase === 'submitted' || phase === 'guarded')
    );
  }

  /** Jobs of the chain that have not ended. */
  private queue(): { job: number; comment: string }[] {
    return this.cluster.state
      .sql<{ job: number; comment: string }>(
        `SELECT DISTINCT job.id AS job, comment FROM task JOIN job ON job.id = task.job
         WHERE comment LIKE 'afterok:%' AND ended_at IS NULL`,
      )
      .all();
  }

  private async leftovers(): Promise<string[]> {
    if (this.queue().length === 0) return [];
    const { stdout } = await this.cluster.byHand(['squeue', '-h', '-o', '%i|%T|%r|%k']);
    return stdout.split('\n').filter((line) => line.includes('|afterok:'));
  }
}

/** Every write of a checkpoint is flushed to the disk: in memory that costs nothing. */
function memoryFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

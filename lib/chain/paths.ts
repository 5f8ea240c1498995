import { join } from 'node:path';

/** `20251224-053904-t0l3`: when it was submitted, and four characters against collisions. */
export const CHAIN_ID = /^\d{8}-\d{6}-[a-z0-9]{4}$/;

/** Every path of a tracker folder; the only place that knows their names. */
export class TrackerPaths {
  readonly checkpoints: string;
  readonly chains: string;
  readonly database: string;

  constructor(readonly tracker: string) {
    this.checkpoints = join(tracker, 'checkpoints');
    this.chains = join(tracker, 'chains');
    this.database = join(tracker, 'escalation.db');
  }

  chain(id: string): ChainPaths {
    return new ChainPaths(this, id);
  }
}

/** Every path of one chain. */
export class ChainPaths {
  readonly checkpoint: string;
  readonly folder: string;
  /** The submission environment, NUL separated; mode 600, it may hold secrets. */
  readonly environment: string;

  constructor(
    readonly tracker: TrackerPaths,
    readonly chain: string,
  ) {
    this.checkpoint = join(tracker.checkpoints, `${chain}.checkpoint`);
    this.folder = join(tracker.chains, chain);
    this.environment = join(this.folder, 'environment');
  }

  /** The kept copy of the script, under its own name: sbatch derives the job name from it. */
  script(name: string): string {
    return join(this.folder, 'script', name);
  }

  handlerScript(name: 'on-failure' | 'on-success'): string {
    return join(this.folder, `${name}.sh`);
  }

  /** What handlers print; `%j` is filled in by Slurm. */
  get handlerLog(): string {
    return join(this.folder, 'handler-%j.log');
  }

  /** True indices of a mapped array job, one a line. */
  indexMap(round: number, job: number): string {
    return join(this.folder, `round-${round}-job-${job}.map`);
  }

  /** The script of a job that does not run the kept one itself. */
  wrapper(round: number, job: number, name: string): string {
    return join(this.folder, `round-${round}-job-${job}`, name);
  }

  /** Completion records of a round, one file an attempt. */
  records(round: number): string {
    return join(this.folder, 'records', `round-${round}`);
  }

  /** Outcomes of a finished round, one JSON object a line. */
  outcomes(round: number): string {
    return join(this.folder, `round-${round}.outcomes.jsonl`);
  }
}

import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of both versions of control groups that hold the limits of a run: the second takes swap in. */
const LIMITS = ['memory.max', 'memory.swap.max', 'memory.limit_in_bytes', 'memory.memsw.limit_in_bytes'];

/** A control group for a step of srun, beside that of its run: when it runs out of memory the run does not. */
export class StepCgroup {
  private constructor(private readonly folder: string) {}

  /** @returns null where the run has no group of its own */
  static of(run: string | undefined, step: string): StepCgroup | null {
    if (run === undefined || !existsSync(run)) return null;
    // The group of a run is used again, and a step that was killed may have left its own.
    const folder = `${run}.step${process.pid}.${step}`;
    try {
      mkdirSync(folder, { recursive: true });
      for (const name of LIMITS) copyLimit(join(run, name), join(folder, name));
      return new StepCgroup(folder);
    } catch {
      return null;
    }
  }

  /** A process moves into the group by writing `0` to it. */
  get members(): string {
    return join(this.folder, 'cgroup.procs');
  }

  /** How many of its processes were killed for want of memory. */
  oomKills(): number {
    for (const name of ['memory.events', 'memory.oom_control']) {
      const path = join(this.folder, name);
      if (!existsSync(path)) continue;
      const [, kills] = /^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8')) ?? [];
      if (kills !== undefined) return Number(kills);
    }
    return 0;
  }

  /** Once nothing is in it. */
  remove(): void {
    try {
      rmdirSync(this.folder);
    } catch {
      // Background processes of the step are in it; the daemon removes it when it ends.
    }
  }
}

function copyLimit(from: string, to: string): void {
  if (existsSync(from)) writeFileSync(to, readFileSync(from));
}

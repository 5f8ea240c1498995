import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jobEnvironment, type LaunchedJob, type SchedulerIdentity } from './job-environment.js';
import type { JobFiles } from './launch-order.js';

/** Scripts and environments of the jobs that have live runs, as the files that the launcher reads. */
export class JobFolders {
  private readonly written = new Set<number>();

  constructor(
    private readonly folder: string,
    private readonly scheduler: SchedulerIdentity,
  ) {}

  /** @throws what the operating system says when the files cannot be written */
  filesOf(job: LaunchedJob): JobFiles {
    const folder = join(this.folder, String(job.id));
    // Slurm's name for it: scripts print $0.
    const files = { script: join(folder, 'slurm_script'), environment: join(folder, 'environment') };
    if (this.written.has(job.id)) return files;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(files.environment, jobEnvironment(job, this.scheduler), { mode: 0o600 });
    writeFileSync(files.script, job.script, { mode: 0o700 });
    this.written.add(job.id);
    return files;
  }

  /** For a job without live runs. */
  remove(id: number): void {
    this.written.delete(id);
    rmSync(join(this.folder, String(id)), { recursive: true, force: true });
  }
}

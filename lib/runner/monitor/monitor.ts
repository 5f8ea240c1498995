import { epochSeconds } from '../../clock.js';
import type { MetricsDatabase } from '../../store/metrics/database.js';
import { JobTrees } from './job-trees.js';
import type { ProcessRow } from './process-table.js';
import { type Usage, UsageMeter } from './usage.js';

interface Watched {
  jobId: number;
  meter: UsageMeter;
}

/** Samples what jobs use, all of them in one look. */
export class ResourceMonitor {
  private readonly watched = new Map<number, Watched>();
  private readonly trees = new JobTrees();
  private timer: NodeJS.Timeout | null = null;

  /**
   * @param interval seconds between samples
   * @param database where samples are kept; null when only peaks and averages are wanted
   * @param onProblem is told why nothing can be looked at or kept, which is no reason to end jobs
   */
  constructor(
    private readonly interval: number,
    private readonly database: MetricsDatabase | null,
    private readonly onProblem: (error: Error) => void,
    private readonly look: (leaders: ReadonlySet<number>) => Map<number, ProcessRow[]> = (leaders) =>
      this.trees.look(leaders),
  ) {}

  /** @param pid of the job's first process, which leads its session */
  watch(jobId: number, jobName: string, pid: number): void {
    this.watched.set(pid, { jobId, meter: new UsageMeter(performance.now() / 1000) });
    this.database?.addJob(jobId, jobName);
    // Only while there is something to look at.
    this.timer ??= setInterval(() => this.trySample(), this.interval * 1000);
  }

  /** @returns what a job has used; null for one that is not watched */
  release(jobId: number): Usage | null {
    for (const [pid, { jobId: id, meter }] of this.watched) {
      if (id !== jobId) continue;
      this.watched.delete(pid);
      if (this.watched.size === 0) this.pause();
      return meter.usage;
    }
    return null;
  }

  close(): void {
    this.pause();
    this.database?.close();
  }

  /** Looks at everything that is watched; the timer does so. */
  sample(): void {
    const trees = this.look(new Set(this.watched.keys()));
    const now = performance.now() / 1000;
    const timestamp = Math.round(epochSeconds());
    const samples = [];
    for (const [pid, { jobId, meter }] of this.watched) {
      const rows = trees.get(pid);
      if (rows === undefined) continue;
      const cpuSeconds = rows.reduce((sum, row) => sum + row.cpuSeconds, 0);
      const memoryBytes = rows.reduce((sum, row) => sum + row.memoryBytes, 0);
      samples.push({ jobId, timestamp, ...meter.take(now, cpuSeconds, memoryBytes, rows.length) });
    }
    if (samples.length > 0) this.database?.addSamples(samples);
  }

  private trySample(): void {
    try {
      this.sample();
    } catch (error) {
      this.onProblem(error as Error);
    }
  }

  private pause(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}

/** What a job's processes used at one moment. */
export interface Sample {
  /** Of one processor: 200 are two whole ones. */
  cpuPercent: number;
  memoryBytes: number;
  processes: number;
}

/** What a job used in all. A job that ended before it was looked at has used nothing that anybody knows. */
export interface Usage {
  peakMemoryBytes: number;
  averageMemoryBytes: number;
  peakCpuPercent: number;
  averageCpuPercent: number;
}

/** Turns what a process tree has used by now into samples, and keeps their peaks and averages. */
export class UsageMeter {
  private cpuSeconds = 0;
  private samples = 0;
  private memorySum = 0;
  private cpuSum = 0;
  private peakMemory = 0;
  private peakCpu = 0;

  /** @param lookedAt seconds of any clock: when the job began */
  constructor(private lookedAt: number) {}

  /**
   * @param now seconds of the same clock
   * @param cpuSeconds processor time of all processes of the tree since each began
   */
  take(now: number, cpuSeconds: number, memoryBytes: number, processes: number): Sample {
    const elapsed = now - this.lookedAt;
    // Processor time goes when a process ends that nobody waits for: nothing was used then, not less than nothing.
    const used = Math.max(0, cpuSeconds - this.cpuSeconds);
    const cpuPercent = elapsed > 0 ? (100 * used) / elapsed : 0;
    this.lookedAt = now;
    this.cpuSeconds = cpuSeconds;
    this.samples += 1;
    this.memorySum += memoryBytes;
    this.cpuSum += cpuPercent;
    this.peakMemory = Math.max(this.peakMemory, memoryBytes);
    this.peakCpu = Math.max(this.peakCpu, cpuPercent);
    return { cpuPercent, memoryBytes, processes };
  }

  get usage(): Usage {
    const count = Math.max(1, this.samples);
    return {
      peakMemoryBytes: this.peakMemory,
      averageMemoryBytes: this.memorySum / count,
      peakCpuPercent: this.peakCpu,
      averageCpuPercent: this.cpuSum / count,
    };
  }
}

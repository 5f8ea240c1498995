import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AfterokError } from '../../errors.js';
import { makeFolder } from '../../make-folder.js';

/** What one job's processes used at one moment, as the database of a runner keeps it. */
export interface StoredSample {
  jobId: number;
  /** Seconds since the epoch. */
  timestamp: number;
  cpuPercent: number;
  memoryBytes: number;
  processes: number;
}

/** Other programs read this: names and types are part of what is documented. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS job_resource_samples (
    id INTEGER PRIMARY KEY,
    job_id INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    cpu_percent REAL NOT NULL,
    memory_bytes INTEGER NOT NULL,
    num_processes INTEGER NOT NULL,
    UNIQUE (job_id, timestamp)
  );
  CREATE TABLE IF NOT EXISTS job_metadata (job_id INTEGER PRIMARY KEY, job_name TEXT NOT NULL);
`;

/** Milliseconds that a statement waits for another process. */
const PATIENCE = 5000;

/** The samples of one runner's jobs in one run. It lies in the output directory, which may be on any file system. */
export class MetricsDatabase {
  private readonly insertSample: Database.Statement;
  private readonly insertJob: Database.Statement;

  private constructor(private readonly connection: Database.Database) {
    this.insertSample = connection.prepare(
      `INSERT OR REPLACE INTO job_resource_samples (job_id, timestamp, cpu_percent, memory_bytes, num_processes)
       VALUES (@jobId, @timestamp, @cpuPercent, @memoryBytes, @processes)`,
    );
    this.insertJob = connection.prepare(
      'INSERT OR REPLACE INTO job_metadata (job_id, job_name) VALUES (@jobId, @jobName)',
    );
  }

  /** Opens it for a runner, and creates it with its folder if need be. @throws AfterokError */
  static create(path: string): MetricsDatabase {
    return opening(path, () => {
      makeFolder(dirname(path));
      const connection = new Database(path, { timeout: PATIENCE });
      // Samples that a power failure takes along are worth no waiting for a disk.
      connection.pragma('synchronous = OFF');
      connection.exec(SCHEMA);
      return new MetricsDatabase(connection);
    });
  }

  addJob(jobId: number, jobName: string): void {
    this.insertJob.run({ jobId, jobName });
  }

  addSamples(samples: readonly StoredSample[]): void {
    this.connection.transaction(() => {
      for (const sample of samples) this.insertSample.run(sample);
    })();
  }

  close(): void {
    this.connection.close();
  }
}

/** The samples of one job, the oldest first. */
export interface JobSamples {
  jobId: number;
  jobName: string;
  samples: StoredSample[];
}

/** Reads a runner's database. @param jobs only these; all when there are none @throws AfterokError */
export function readMetrics(path: string, jobs: readonly number[] = []): JobSamples[] {
  if (!existsSync(path))
    throw new AfterokError('database-unusable', `resource metrics database ${path} does not exist`);
  return opening(path, () => {
    const connection = new Database(path, { readonly: true, timeout: PATIENCE });
    try {
      return collect(connection).filter(({ jobId }) => jobs.length === 0 || jobs.includes(jobId));
    } finally {
      connection.close();
    }
  });
}

function collect(connection: Database.Database): JobSamples[] {
  const rows = connection
    .prepare(
      `SELECT s.job_id AS jobId, m.job_name AS jobName, s.timestamp, s.cpu_percent AS cpuPercent,
              s.memory_bytes AS memoryBytes, s.num_processes AS processes
       FROM job_resource_samples s LEFT JOIN job_metadata m ON m.job_id = s.job_id
       ORDER BY s.job_id, s.timestamp`,
    )
    .all() as (StoredSample & { jobName: string | null })[];
  const jobs = new Map<number, JobSamples>();
  for (const { jobName, ...sample } of rows) {
    const { jobId } = sample;
    const job = jobs.get(jobId) ?? { jobId, jobName: jobName ?? `job ${jobId}`, samples: [] };
    job.samples.push(sample);
    jobs.set(jobId, job);
  }
  return [...jobs.values()];
}

function opening<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const why = (error as Error).message;
    throw new AfterokError(
      'database-unusable',
      `cannot use resource metrics database ${path}: ${why}`,
      null,
      {
        cause: error,
      },
    );
  }
}

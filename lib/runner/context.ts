import type { Client } from '../client/client.js';
import type { WorkflowModel } from '../wire/workflows.js';
import type { ClaimedJob, JobSurroundings } from './job-command.js';
import type { JobLookups } from './job-lookups.js';
import type { Launcher } from './launcher.js';
import type { ResourceMonitor } from './monitor/monitor.js';
import type { RunCounts, RunnerListener } from './options.js';
import type { RunnerLog } from './runner-log.js';

/** What the parts of one run share. */
export interface RunContext {
  /** Waits for a server that is away, and asks again. */
  client: Client;
  /** For what must not be asked twice. */
  impatient: Client;
  workflow: WorkflowModel;
  workflowId: number;
  runId: number;
  /** The compute node record of this runner. */
  nodeId: number;
  /** What jobs are told. */
  surroundings: JobSurroundings;
  launcher: Launcher;
  /** Null when nobody wants to know what jobs use. */
  monitor: ResourceMonitor | null;
  lookups: JobLookups;
  log: RunnerLog;
  listener: RunnerListener;
  counts: RunCounts;
}

/** A job in the runner's log: `job 7 (train)`. */
export function called({ id, name }: Pick<ClaimedJob, 'id' | 'name'>): string {
  return `job ${id} (${name})`;
}

import { expand, parseArraySpec } from '../../slurm/array-spec.js';
import { formatHostList } from '../../slurm/host-list.js';
import type { Launch } from '../executor.js';
import type { Submission } from '../job.js';

/** What a run needs to know of its job. */
export interface LaunchedJob {
  id: number;
  name: string;
  user: string;
  submission: Submission;
  script: Buffer;
  /** NAME=VALUE, NUL separated. */
  environment: Buffer;
  /** Bytes, as asked for; null for what was not. */
  memoryPerNode: number | null;
  memoryPerCpu: number | null;
}

/** What commands within a job need to find this scheduler again. */
export interface SchedulerIdentity {
  cluster: string;
  folder: string;
  timeScale: number;
}

type Variables = Record<string, string | number>;

const MEGABYTE = 1024 * 1024;

/** The submission environment with what Slurm sets for every run of a job, as `NAME=VALUE` NUL separated. */
export function jobEnvironment(job: LaunchedJob, scheduler: SchedulerIdentity): Buffer {
  const { submission } = job;
  const variables: Variables = {
    ENVIRONMENT: 'BATCH',
    TMPDIR: '/tmp',
    SLURM_CLUSTER_NAME: scheduler.cluster,
    SLURM_GTIDS: 0,
    SLURM_JOB_ACCOUNT: submission.account ?? job.user,
    SLURM_JOB_GID: submission.gid,
    SLURM_JOB_QOS: submission.qos ?? 'normal',
    SLURM_JOB_UID: submission.uid,
    SLURM_JOB_USER: job.user,
    SLURM_LOCALID: 0,
    SLURM_NODEID: 0,
    SLURM_NODE_ALIASES: '(null)',
    SLURM_PROCID: 0,
    SLURM_SUBMIT_HOST: submission.submitHost,
    SLURM_TOPOLOGY_ADDR_PATTERN: 'node',
    SLURM_WORKING_CLUSTER: `${scheduler.cluster}:127.0.0.1:0:9728:109`,
    ...arrayVariables(job),
    AFTEROK_POCKET_STATE: scheduler.folder,
    AFTEROK_TIME_SCALE: scheduler.timeScale,
  };
  const defaults: Variables = { SLURM_SUBMIT_DIR: submission.workingFolder, SLURM_PRIO_PROCESS: 0 };
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\0`);
  const first = Object.entries(defaults).map(([name, value]) => `${name}=${value}\0`);
  // A later line replaces an earlier one of the same name.
  const separator = job.environment.length > 0 && job.environment.at(-1) !== 0 ? '\0' : '';
  return Buffer.concat([
    Buffer.from(first.join('')),
    job.environment,
    Buffer.from(separator),
    Buffer.from(lines.join('')),
  ]);
}

function arrayVariables({ id, submission }: LaunchedJob): Variables {
  if (submission.array === null) return {};
  const spec = parseArraySpec(submission.array);
  let [count, min, max] = [0, 0, 0];
  for (const index of expand(spec)) {
    if (count === 0) min = index;
    max = index;
    count++;
  }
  return {
    SLURM_ARRAY_JOB_ID: id,
    SLURM_ARRAY_TASK_COUNT: count,
    SLURM_ARRAY_TASK_MAX: max,
    SLURM_ARRAY_TASK_MIN: min,
    SLURM_ARRAY_TASK_STEP: spec.runs.length === 1 ? (spec.runs[0]?.step ?? 1) : 1,
  };
}

/** What Slurm sets for one run besides; SLURM_TASK_PID is known to the process itself alone. */
export function runEnvironment(job: LaunchedJob, launch: Launch): string[] {
  const { submission } = job;
  const [node = ''] = launch.nodes;
  const nodes = formatHostList(launch.nodes);
  const count = launch.nodes.length;
  const variables: Variables = {
    HOSTNAME: node,
    SLURMD_NODENAME: node,
    SLURM_CPUS_ON_NODE: launch.cpus,
    SLURM_JOBID: launch.run.rawId,
    SLURM_JOB_CPUS_PER_NODE: repeated([{ value: launch.cpus, times: count }]),
    SLURM_JOB_ID: launch.run.rawId,
    SLURM_JOB_NAME: job.name,
    SLURM_JOB_NODELIST: nodes,
    SLURM_JOB_NUM_NODES: count,
    SLURM_JOB_PARTITION: launch.partition,
    SLURM_NNODES: count,
    SLURM_NODELIST: nodes,
    SLURM_TASKS_PER_NODE: tasksPerNode(submission.tasks, count),
    SLURM_TOPOLOGY_ADDR: node,
  };
  if (job.memoryPerNode !== null) variables.SLURM_MEM_PER_NODE = Math.floor(job.memoryPerNode / MEGABYTE);
  else if (job.memoryPerCpu !== null) variables.SLURM_MEM_PER_CPU = Math.floor(job.memoryPerCpu / MEGABYTE);
  if (submission.tasks > 1) variables.SLURM_NTASKS = variables.SLURM_NPROCS = submission.tasks;
  if (submission.cpusPerTask > 1) variables.SLURM_CPUS_PER_TASK = submission.cpusPerTask;
  if (launch.arrayIndex !== null) variables.SLURM_ARRAY_TASK_ID = launch.arrayIndex;
  if (launch.run.restart > 0) variables.SLURM_RESTART_COUNT = launch.run.restart;
  return Object.entries(variables).map(([name, value]) => `${name}=${value}`);
}

/** Tasks are dealt out evenly, the first nodes taking what is over: 5 on 3 nodes as `2(x2),1`. */
function tasksPerNode(tasks: number, nodes: number): string {
  const over = tasks > nodes ? tasks % nodes : 0;
  const each = Math.max(1, Math.floor(tasks / nodes));
  return repeated([
    { value: each + 1, times: over },
    { value: each, times: nodes - over },
  ]);
}

function repeated(groups: readonly { value: number; times: number }[]): string {
  return groups
    .filter(({ times }) => times > 0)
    .map(({ value, times }) => (times === 1 ? `${value}` : `${value}(x${times})`))
    .join(',');
}

import t from 'tap';
import { jobEnvironment, type LaunchedJob, runEnvironment } from '../../lib/pocket/daemon/job-environment.js';
import type { Launch } from '../../lib/pocket/executor.js';
import type { Submission } from '../../lib/pocket/job.js';
import { PLAIN_SUBMISSION } from './plain-submission.js';

const MEGABYTE = 2 ** 20;

const SUBMISSION: Submission = {
  ...PLAIN_SUBMISSION,
  uid: 1000,
  gid: 100,
  command: '/home/me/e.sh',
  workingFolder: '/home/me',
  submitHost: 'vm',
};

function job(submission: Partial<Submission> = {}, rest: Partial<LaunchedJob> = {}): LaunchedJob {
  return {
    id: 2,
    name: 'e.sh',
    user: 'me',
    submission: { ...SUBMISSION, ...submission },
    script: Buffer.from(''),
    environment: Buffer.from('HOME=/home/me\0SLURM_SUBMIT_DIR=/elsewhere\0SLURM_JOB_ID=77\0'),
    memoryPerNode: null,
    memoryPerCpu: 256 * MEGABYTE,
    ...rest,
  };
}

const LAUNCH: Launch = {
  run: { rawId: 8, restart: 0 },
  job: 2,
  arrayIndex: null,
  partition: 'day',
  nodes: ['n1'],
  cpus: 1,
  memory: null,
  timeLimit: 60,
};

/** As the process sees them: a later line replaces an earlier one. */
function seen(wanted: LaunchedJob, launch: Launch): Record<string, string> {
  const common = jobEnvironment(wanted, { cluster: 'afterok', folder: '/tmp/state', timeScale: 60 });
  const lines = [...common.toString().split('\0').filter(Boolean), ...runEnvironment(wanted, launch)];
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

// Printed by a job of Slurm 22.05.8, without what the machine itself adds.
t.test('a single job', async (t) => {
  t.same(seen(job(), LAUNCH), {
    AFTEROK_POCKET_STATE: '/tmp/state',
    AFTEROK_TIME_SCALE: '60',
    ENVIRONMENT: 'BATCH',
    HOME: '/home/me',
    HOSTNAME: 'n1',
    SLURMD_NODENAME: 'n1',
    SLURM_CLUSTER_NAME: 'afterok',
    SLURM_CPUS_ON_NODE: '1',
    SLURM_GTIDS: '0',
    SLURM_JOBID: '8',
    SLURM_JOB_ACCOUNT: 'me',
    SLURM_JOB_CPUS_PER_NODE: '1',
    SLURM_JOB_GID: '100',
    SLURM_JOB_ID: '8',
    SLURM_JOB_NAME: 'e.sh',
    SLURM_JOB_NODELIST: 'n1',
    SLURM_JOB_NUM_NODES: '1',
    SLURM_JOB_PARTITION: 'day',
    SLURM_JOB_QOS: 'normal',
    SLURM_JOB_UID: '1000',
    SLURM_JOB_USER: 'me',
    SLURM_LOCALID: '0',
    SLURM_MEM_PER_CPU: '256',
    SLURM_NNODES: '1',
    SLURM_NODEID: '0',
    SLURM_NODELIST: 'n1',
    SLURM_NODE_ALIASES: '(null)',
    SLURM_PRIO_PROCESS: '0',
    SLURM_PROCID: '0',
    SLURM_SUBMIT_DIR: '/elsewhere',
    SLURM_SUBMIT_HOST: 'vm',
    SLURM_TASKS_PER_NODE: '1',
    SLURM_TOPOLOGY_ADDR: 'n1',
    SLURM_TOPOLOGY_ADDR_PATTERN: 'node',
    SLURM_WORKING_CLUSTER: 'afterok:127.0.0.1:0:9728:109',
    TMPDIR: '/tmp',
  });
});

t.test('a task of an array that runs for the second time', async (t) => {
  const task = { ...LAUNCH, arrayIndex: 5, run: { rawId: 9, restart: 1 }, cpus: 4 };
  const wanted = job(
    { array: '2-8:3', tasks: 2, cpusPerTask: 2 },
    { memoryPerNode: 100 * MEGABYTE, memoryPerCpu: null },
  );
  t.match(seen(wanted, task), {
    SLURM_ARRAY_JOB_ID: '2',
    SLURM_ARRAY_TASK_COUNT: '3',
    SLURM_ARRAY_TASK_ID: '5',
    SLURM_ARRAY_TASK_MAX: '8',
    SLURM_ARRAY_TASK_MIN: '2',
    SLURM_ARRAY_TASK_STEP: '3',
    SLURM_CPUS_ON_NODE: '4',
    SLURM_CPUS_PER_TASK: '2',
    SLURM_JOB_ID: '9',
    SLURM_MEM_PER_NODE: '100',
    SLURM_NPROCS: '2',
    SLURM_NTASKS: '2',
    SLURM_RESTART_COUNT: '1',
    SLURM_TASKS_PER_NODE: '2',
  });
  t.notOk('SLURM_MEM_PER_CPU' in seen(wanted, task));
});

t.test('several nodes', async (t) => {
  const wide = { ...LAUNCH, nodes: ['w1', 'w2', 'w3'] };
  t.match(seen(job({ nodes: 3 }), wide), {
    SLURM_JOB_NODELIST: 'w[1-3]',
    SLURM_JOB_NUM_NODES: '3',
    SLURM_JOB_CPUS_PER_NODE: '1(x3)',
    SLURM_TASKS_PER_NODE: '1(x3)',
    HOSTNAME: 'w1',
  });
  t.equal(seen(job({ tasks: 5 }), wide).SLURM_TASKS_PER_NODE, '2(x2),1');
});

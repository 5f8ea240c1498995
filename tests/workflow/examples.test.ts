import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { expand } from '../../lib/workflow/expand.js';
import { JobGraph } from '../../lib/workflow/graph/job-graph.js';
import type { WorkflowModel } from '../../lib/workflow/model.js';
import { readSpecFile } from '../../lib/workflow/spec-file.js';
import { validateSpec } from '../../lib/workflow/validate.js';

const FOLDER = `${PACKAGE_ROOT}config/examples/`;

/** Every example, how many jobs it has, and how often one of them waits for another. */
const EXAMPLES: Readonly<Record<string, [jobs: number, edges: number]>> = {
  'actions.json5': [2, 1],
  'barriers.yaml': [103, 151],
  'cleanup.yaml': [3, 2],
  'diamond.json': [4, 4],
  'diamond.json5': [4, 4],
  'diamond.kdl': [4, 4],
  'diamond.yaml': [4, 4],
  'failure-handlers.yaml': [2, 1],
  'fan-in.yaml': [13, 12],
  'graceful-end.yaml': [1, 0],
  'grid.kdl': [20, 15],
  'hundred-jobs.yaml': [100, 0],
  'invocation-script.json5': [2, 0],
  'patterns.json5': [6, 6],
  'resource-monitoring.yaml': [2, 0],
  'shared-parameters.json5': [9, 6],
  'staged-slurm.yaml': [6, 5],
  'subgraphs.kdl': [7, 5],
  'user-data.yaml': [3, 2],
  'worker-per-node.kdl': [8, 0],
  'zip.yaml': [3, 0],
};

function modelOfExample(name: string): WorkflowModel {
  const { spec, source } = readSpecFile(FOLDER + name);
  return expand(spec, source);
}

t.test('every example is valid, and has the jobs and edges that it should', async (t) => {
  t.same(readdirSync(FOLDER).sort(), Object.keys(EXAMPLES).sort());
  for (const [name, [jobs, edges]] of Object.entries(EXAMPLES)) {
    const { errors, warnings, summary } = validateSpec(FOLDER + name);
    t.same(errors, [], `${name} has no errors`);
    t.same(warnings, [], `${name} has no warnings`);
    t.equal(summary.job_count, jobs, `${name} has ${jobs} jobs`);
    t.equal(new JobGraph(modelOfExample(name).jobs).dependencies.edges, edges, `${name} has ${edges} edges`);
  }
});

t.test('a diamond is a diamond in every syntax', async (t) => {
  const { jobs, ...rest } = modelOfExample('diamond.yaml');
  for (const extension of ['json', 'json5', 'kdl']) {
    t.same(modelOfExample(`diamond.${extension}`), { jobs, ...rest }, extension);
  }
});

t.test('values in names are those that a person means', async (t) => {
  const names = (name: string) => modelOfExample(name).jobs.map((job) => job.name);
  t.same(names('hundred-jobs.yaml').slice(0, 2), ['job_001', 'job_002']);
  t.same(names('shared-parameters.json5').slice(4, 6), ['simulate_t0.30_s1', 'simulate_t0.30_s2']);
  t.same(modelOfExample('fan-in.yaml').files[0], {
    name: 'metrics_r0.001_s16',
    path: 'fan_in/metrics_1.00e-03_016.txt',
  });
});

/** They take seconds on purpose. */
const SLOW = ['graceful-end.yaml', 'resource-monitoring.yaml'];
/** What fails on purpose. */
const FAILING = ['fails', 'flaky'];

t.test('the commands do what they say, one job after the other', async (t) => {
  const folder = t.testdir({});
  for (const name of Object.keys(EXAMPLES).filter((one) => !SLOW.includes(one))) {
    const model = modelOfExample(name);
    const cwd = join(folder, name);
    mkdirSync(cwd);
    const failed = inOrder(model).filter((job) => !FAILING.includes(job.name) && !run(job, cwd));
    t.same(failed, [], `${name}: every job ends well`);
    const missing = model.files.filter(({ path }) => !existsSync(join(cwd, path)));
    t.same(missing, [], `${name}: every file is there in the end`);
  }
});

type Job = WorkflowModel['jobs'][number];

/** Jobs so that each comes after those that it waits for. */
function inOrder({ jobs }: WorkflowModel): Job[] {
  const graph = new JobGraph(jobs);
  const done = new Set<number>();
  const visit = (job: number) => {
    if (done.has(job)) return;
    for (const before of graph.dependencies.of(job)) visit(before);
    done.add(job);
  };
  for (const job of jobs.keys()) visit(job);
  return Array.from(done, (job) => jobs[job]).filter((job) => job !== undefined);
}

function run({ invocationScript, command }: Job, cwd: string): boolean {
  const line = invocationScript === null ? command : `${invocationScript} ${command}`;
  // Without torc on the PATH, examples leave out what needs a server.
  const env = { PATH: '/usr/bin:/bin' };
  // A bash whose standard input is a socket, as Node's pipes are, takes itself for a remote shell and reads ~/.bashrc.
  const stdio = ['ignore', 'pipe', 'pipe'] as const;
  const { status, stderr } = spawnSync('bash', ['-c', line], {
    cwd,
    env,
    stdio: [...stdio],
    encoding: 'utf8',
  });
  return status === 0 && stderr === '';
}

import t from 'tap';
import { skip, Tutorial } from './tutorial.js';

/** What each command prints, read as JSON, in the order of the page. */
const EXAMPLES: readonly (readonly [title: string, answer: unknown])[] = [
  ['Create Workflow', { id: 1, name: 'test_workflow', user: 'alice', description: 'Test workflow' }],
  ['Get Workflow', { id: 1, name: 'test_workflow', user: 'alice' }],
  ['Initialize Jobs', { message: 'Initialized job status' }],
  ['Create Job', { id: 1, name: 'job1', command: 'echo hello', status: 'uninitialized' }],
  ['Update Job Status', { id: 1, status: 'running' }],
  ['Create File', { id: 1, name: 'input_data', path: '/data/input.csv' }],
  ['List Files', [{ id: 1, name: 'input_data' }]],
  ['Create User Data', { id: 1, name: 'config', data: { learning_rate: 0.001, batch_size: 32 } }],
  ['Update User Data', { id: 1, name: 'config', data: { learning_rate: 0.01, batch_size: 64 } }],
  ['Create Resource Requirements', { name: 'gpu_large', num_cpus: 16, memory: '128g', runtime: 'PT8H' }],
  ['Create Compute Node', { id: 1, hostname: 'compute-01', memory_gb: 256, num_nodes: 1, is_active: true }],
  ['List Active Compute Nodes', { hostname: 'compute-01', num_cpus: 32, num_gpus: 8 }],
  ['Create Result', { id: 1, job_id: 1, return_code: 0, status: 'completed', compute_node_id: 1 }],
  ['Prepare Next Jobs for Submission (Job Runner)', []],
  ['Process Changed Job Inputs (Reinitialization)', []],
];

t.test('the curl examples of the REST API, one after another', { skip }, async (t) => {
  const tutorial = await Tutorial.open(t, 'curl');
  for (const [title, answer] of EXAMPLES) {
    const { code, stdout } = await tutorial.step(title);
    t.equal(code, 0, title);
    t.match(JSON.parse(stdout), answer as object, title);
  }
});

t.test('lists through curl', { skip }, async (t) => {
  const tutorial = await Tutorial.open(t, 'curl');
  for (const title of ['Create Workflow', 'Create Job', 'Initialize Jobs']) await tutorial.step(title);
  const jobs = await tutorial.step('List Jobs');
  t.same(JSON.parse(jobs.stdout), { name: 'job1', status: 'ready', id: 1 });
  // The address is not in quotation marks: bash takes what stands before its & for a command in the background.
  const workflows = await tutorial.step('List Workflows');
  t.match(JSON.parse(workflows.stdout), { workflows: [{ id: 1 }], items: [{ id: 1 }] });
  const events = await tutorial.step('List Events');
  t.equal(events.code, 0);
  const claimed = await tutorial.step('Prepare Next Jobs for Submission (Job Runner)');
  t.match(JSON.parse(claimed.stdout), [{ id: 1, status: 'pending' }]);
});

t.test('what a job asks the server for with curl', { skip }, async (t) => {
  const tutorial = await Tutorial.open(t, 'curl');
  await tutorial.step('Create Workflow');
  const health = await tutorial.step('Verify Server Connectivity');
  t.match(JSON.parse(health.stdout), { status: 'ok' });
  const name = await tutorial.step('Query workflow information from within a job');
  t.equal(name.stdout, '"test_workflow"\n');
  const file = await tutorial.step('Create a file entry in Torc');
  t.match(JSON.parse(file.stdout), { id: 1, name: 'result_7', path: '/data/results/output.txt' });
});

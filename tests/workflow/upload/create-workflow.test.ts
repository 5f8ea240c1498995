import t from 'tap';
import { createWorkflow } from '../../../lib/workflow/upload/create-workflow.js';
import { runningServer } from '../../client/running-server.js';
import { modelOf } from '../model-of.js';

const OPTIONS = { user: 'alice', monitorResources: true };

const SPEC = `
name: all of it
jobs:
  - name: last
    command: cat \${files.input.mid}
    depends_on: [first]
    resource_requirements: big
    scheduler: gpu
    failure_handler: again
  - name: first
    command: echo \${user_data.input.settings} > \${files.output.mid}
files: [{ name: mid, path: mid.txt }]
user_data: [{ name: settings, data: { depth: 3 } }]
resource_requirements: [{ name: big, num_cpus: 4, memory: 2g, runtime: PT2H }]
failure_handlers: [{ name: again, rules: [{ exit_codes: [9], max_retries: 2 }] }]
slurm_schedulers: [{ name: gpu, account: lab, gres: 'gpu:1', walltime: 04:00:00 }]
slurm_defaults: { qos: high }
actions:
  - { trigger_type: on_jobs_complete, action_type: run_commands, jobs: [first], commands: [date] }
  - { trigger_type: on_workflow_start, action_type: schedule_nodes, scheduler: gpu, scheduler_type: slurm, num_allocations: 2 }
`;

t.test('a workflow has all that its model has, by ids', async (t) => {
  const { client } = await runningServer(t);
  const id = await createWorkflow(client, modelOf(SPEC), OPTIONS);
  t.match(await client.workflows.get({ id }), {
    ...{ name: 'all of it', user: 'alice', slurm_defaults: '{"qos":"high"}' },
    resource_monitor_config: /"granularity":"summary"/,
  });
  const { items: jobs } = await client.jobs.list({ workflow_id: id, include_relationships: true });
  t.match(jobs, [
    { name: 'first', status: 'uninitialized', output_file_ids: [1], input_user_data_ids: [1] },
    {
      ...{ name: 'last', command: 'cat mid.txt', depends_on_job_ids: [1], input_file_ids: [1] },
      ...{ scheduler_id: 1, failure_handler_id: 1 },
    },
  ]);
  const requirements = jobs[1]?.resource_requirements_id ?? 0;
  t.match(await client.resourceRequirements.get({ id: requirements }), { name: 'big', runtime: 'PT2H' });
  t.match(await client.actions.list({ id }), [
    { trigger_type: 'on_jobs_complete', action_config: { commands: ['date'] }, job_ids: [1] },
    {
      action_config: {
        ...{ scheduler_type: 'slurm', scheduler_id: 1, num_allocations: 2 },
        start_one_worker_per_node: false,
      },
    },
  ]);
});

t.test('nothing is left of a workflow that the server does not take whole', async (t) => {
  const { client } = await runningServer(t);
  const model = modelOf('name: w\njobs: [{ name: a, command: "true" }]\nfiles: [{ name: f, path: p }]');
  const [file] = model.files;
  if (file === undefined) throw new Error('the model has a file');
  // A record that no server takes, behind others that it has taken.
  const broken = { ...model, files: [file, { ...file, path: 5 as unknown as string }] };
  await t.rejects(createWorkflow(client, broken, OPTIONS), { message: /path/ });
  t.same((await client.workflows.list({})).items, []);
});

t.test('jobs are made in batches whatever their number', async (t) => {
  const { client } = await runningServer(t);
  const model = modelOf(`
name: many
jobs:
  - { name: 'a_{i}', command: 'true', parameters: { i: '1:10001' } }
  - { name: z, command: 'true', depends_on_regexes: ['^a_'] }
`);
  const id = await createWorkflow(client, model, OPTIONS);
  const { count } = await client.workflows.jobIds({ id });
  t.equal(count, 10_002);
  t.equal((await client.workflows.jobDependencies({ id, limit: 1 })).total_count, 10_001);
});

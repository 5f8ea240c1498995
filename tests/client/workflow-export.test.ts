import t from 'tap';
import type { Client } from '../../lib/client/client.js';
import { initialize } from '../../lib/client/initialize.js';
import { exportWorkflow, type WorkflowExport } from '../../lib/client/workflow-export.js';
import { importWorkflow } from '../../lib/client/workflow-import.js';
import { createWorkflow } from '../../lib/workflow/upload/create-workflow.js';
import { modelOf } from '../workflow/model-of.js';
import { runningServer } from './running-server.js';

const SPEC = `
name: original
jobs:
  - { name: a, command: 'date > \${files.output.f}', resource_requirements: big }
  - { name: b, command: 'cat \${files.input.f}', failure_handler: h, scheduler: s }
files: [{ name: f, path: f.txt }]
user_data: [{ name: u, data: [1] }]
resource_requirements: [{ name: big, num_cpus: 4, memory: 2g }]
failure_handlers: [{ name: h, rules: [{ match_all_exit_codes: true }] }]
slurm_schedulers: [{ name: s, account: lab }]
actions:
  - { trigger_type: on_jobs_ready, action_type: schedule_nodes, scheduler: s, scheduler_type: slurm, jobs: [b] }
`;

/** An export without what differs between a workflow and its copy: ids become names. */
function anonymous(exported: WorkflowExport): unknown {
  const names = (records: readonly { id?: number; name?: string }[]) =>
    new Map(records.map(({ id, name }) => [id, name]));
  const [jobs, files, rr] = [exported.jobs, exported.files, exported.resource_requirements].map(names);
  const schedulers = names(exported.slurm_schedulers);
  return {
    jobs: exported.jobs.map((job) => ({
      ...{
        name: job.name,
        command: job.command,
        status: job.status,
        requires: rr?.get(job.resource_requirements_id),
      },
      waits: job.depends_on_job_ids?.map((id) => jobs?.get(id)),
      reads: job.input_file_ids?.map((id) => files?.get(id)),
      scheduler: schedulers.get(job.scheduler_id ?? undefined),
    })),
    user_data: exported.user_data.map(({ name, data }) => ({ name, data })),
    actions: exported.workflow_actions.map(({ trigger_type, action_config, job_ids }) => ({
      trigger_type,
      scheduler: schedulers.get((action_config as { scheduler_id?: number }).scheduler_id),
      jobs: job_ids?.map((id) => jobs?.get(id)),
    })),
  };
}

async function original(client: Client): Promise<number> {
  // A workflow before it, so that ids of the copy differ everywhere.
  await createWorkflow(client, modelOf(SPEC), { user: 'u', monitorResources: false });
  return await createWorkflow(client, modelOf(SPEC), { user: 'u', monitorResources: false });
}

t.test('an import is the same workflow with new ids', async (t) => {
  const { client } = await runningServer(t);
  const id = await original(client);
  const exported = await exportWorkflow(client, id, { includeResults: true, includeEvents: true });
  t.match(exported, { export_version: '1.0', workflow: { name: 'original' }, results: [], events: [] });
  const read = JSON.parse(JSON.stringify(exported)) as WorkflowExport;
  const copy = await importWorkflow(client, read, { name: 'copy', user: 'me', includeResults: true });
  const again = await exportWorkflow(client, copy, { includeResults: false, includeEvents: false });
  t.match(again.workflow, { name: 'copy', user: 'me' });
  t.same(anonymous(again), anonymous(exported));
});

t.test('results come along, and the next run does not meet theirs', async (t) => {
  const { client } = await runningServer(t);
  const id = await original(client);
  await initialize(client, id, { force: true });
  const exported = await exportWorkflow(client, id, { includeResults: true, includeEvents: false });
  const [job] = exported.jobs;
  const result = {
    ...{ job_id: job?.id ?? 0, workflow_id: id, run_id: 3, attempt_id: 1, compute_node_id: 1 },
    ...{ return_code: 0, exec_time_minutes: 1, completion_time: '2026-01-01T00:00:00.000Z' },
  };
  const results = [{ ...result, status: 'completed' as const }];
  const copy = await importWorkflow(client, { ...exported, results }, { user: 'me', includeResults: true });
  t.match((await client.results.list({ workflow_id: copy, all_runs: true })).items, [{ run_id: 3 }]);
  t.match((await client.jobs.list({ workflow_id: copy })).items, [
    { name: 'a', status: 'uninitialized' },
    { name: 'b', status: 'uninitialized' },
  ]);
  t.equal((await client.workflows.getStatus({ id: copy })).run_id, 3);
});

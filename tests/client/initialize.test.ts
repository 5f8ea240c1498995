import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { Client } from '../../lib/client/client.js';
import { checkInitialization } from '../../lib/client/initialization-check.js';
import { initialize } from '../../lib/client/initialize.js';
import { reinitialize } from '../../lib/client/reinitialize.js';
import { createWorkflow } from '../../lib/workflow/upload/create-workflow.js';
import { modelOf } from '../workflow/model-of.js';
import { runningServer } from './running-server.js';

/** in.txt → first → mid.txt → last → out.txt */
async function pipeline(t: Test): Promise<{ client: Client; id: number; folder: string }> {
  const { client } = await runningServer(t);
  const folder = t.testdir({ 'in.txt': 'input' });
  const model = modelOf(`
name: pipeline
jobs:
  - { name: first, command: 'cp \${files.input.in} \${files.output.mid}' }
  - { name: last, command: 'cp \${files.input.mid} \${files.output.out}' }
files:
  - { name: in, path: ${folder}/in.txt }
  - { name: mid, path: ${folder}/mid.txt }
  - { name: out, path: ${folder}/out.txt }
`);
  return { client, folder, id: await createWorkflow(client, model, { user: 'u', monitorResources: false }) };
}

async function statuses(client: Client, id: number): Promise<Record<string, string | undefined>> {
  const { items } = await client.jobs.list({ workflow_id: id });
  return Object.fromEntries(items.map(({ name, status }) => [name, status]));
}

/** Claims, starts and completes what is ready, as a runner would, and writes its output. */
async function runReady(client: Client, id: number, output: string): Promise<void> {
  const { run_id } = await client.workflows.getStatus({ id });
  const node = await client.computeNodes.create({
    body: {
      ...{ workflow_id: id, hostname: 'h', pid: 1, start_time: '2026-01-01T00:00:00Z', num_cpus: 1 },
      ...{ memory_gb: 1, num_gpus: 0, num_nodes: 1, compute_node_type: 'local' },
    },
  });
  const compute_node_id = node.id ?? 0;
  const { jobs = [] } = await client.workflows.claimNext({ id });
  for (const { id: job_id = 0, output_file_ids: outputs = [] } of jobs) {
    await client.jobs.start({ id: job_id, run_id, compute_node_id });
    writeFileSync(output, 'output');
    for (const file_id of outputs) {
      const file = await client.files.get({ id: file_id });
      utimesSync(output, 1_700_000_000, 1_700_000_000);
      await client.files.update({ id: file_id, body: { ...file, st_mtime: 1_700_000_000 } });
    }
    const result = { job_id, workflow_id: id, run_id, compute_node_id, return_code: 0, exec_time_minutes: 0 };
    await client.jobs.complete({
      ...{ id: job_id, status: 'completed', run_id },
      body: { ...result, completion_time: '2026-01-01T00:00:00.000Z', status: 'completed' },
    });
  }
}

t.test('initialize begins a run and tells the server the times of files', async (t) => {
  const { client, id, folder } = await pipeline(t);
  utimesSync(`${folder}/in.txt`, 1_600_000_000, 1_600_000_000);
  await initialize(client, id);
  t.same(await statuses(client, id), { first: 'ready', last: 'blocked' });
  t.equal((await client.workflows.getStatus({ id })).run_id, 1);
  t.same((await client.files.list({ workflow_id: id, name: 'in' })).items[0]?.st_mtime, 1_600_000_000);
});

t.test('what is missing is told, and keeps a workflow from starting unless it is forced', async (t) => {
  const { client, id, folder } = await pipeline(t);
  rmSync(`${folder}/in.txt`);
  writeFileSync(`${folder}/out.txt`, '');
  t.match(await checkInitialization(client, id), {
    missingInputs: [`${folder}/in.txt`],
    existingOutputs: [`${folder}/out.txt`],
  });
  await t.rejects(initialize(client, id), { code: 'not-initializable', message: /in\.txt/ });
  t.equal((await client.workflows.getStatus({ id })).run_id, 0);
  await initialize(client, id, { force: true });
  t.same(await statuses(client, id), { first: 'ready', last: 'blocked' });
});

t.test('an archived workflow does not start', async (t) => {
  const { client, id } = await pipeline(t);
  await client.workflows.putStatus({ id, body: { run_id: 0, is_canceled: false, is_archived: true } });
  await t.rejects(initialize(client, id), { message: `workflow ${id} is archived` });
});

t.test('user data that nobody sets keeps a workflow from starting, forced or not', async (t) => {
  const { client } = await runningServer(t);
  const model = modelOf(
    'name: w\njobs: [{ name: a, command: b, input_user_data: [d] }]\nuser_data: [{ name: d }]',
  );
  const id = await createWorkflow(client, model, { user: 'u', monitorResources: false });
  await t.rejects(initialize(client, id, { force: true }), { message: /lacks user data: d/ });
});

t.test('reinitialize runs again what has changed, with all that is downstream', async (t) => {
  const { client, id, folder } = await pipeline(t);
  await initialize(client, id);
  await runReady(client, id, `${folder}/mid.txt`);
  await runReady(client, id, `${folder}/out.txt`);
  t.same(await statuses(client, id), { first: 'completed', last: 'completed' });
  t.match(await reinitialize(client, id), { changedFiles: [], missingOutputs: [], changedInputs: [] });
  t.same(await statuses(client, id), { first: 'completed', last: 'completed' });

  utimesSync(`${folder}/mid.txt`, 1_700_000_100, 1_700_000_100);
  t.match(await reinitialize(client, id), { changedFiles: [`${folder}/mid.txt`] });
  t.same(await statuses(client, id), { first: 'completed', last: 'ready' });
  await runReady(client, id, `${folder}/out.txt`);

  rmSync(`${folder}/mid.txt`);
  t.match(await reinitialize(client, id), { missingOutputs: ['first'] });
  t.same(await statuses(client, id), { first: 'ready', last: 'blocked' });
});

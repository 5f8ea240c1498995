import t from 'tap';
import { runningServer } from '../../client/running-server.js';
import { addNode } from '../../store/workflows/plain-workflow.js';
import { torc, torcJson } from './torc.js';

t.test('a workflow in one word', async (t) => {
  const { client, url, server } = await runningServer(t);
  const word = async () => {
    const { status } = (await torcJson(url, ['workflows', 'status', '1'])) as { status: string };
    return status;
  };
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  await client.jobs.create({ body: { workflow_id: 1, name: 'j', command: 'true' } });
  t.equal(await word(), 'uninitialized');
  await client.workflows.initializeJobs({ id: 1 });
  t.equal(await word(), 'running');
  await client.workflows.claimNext({ id: 1 });
  const compute_node_id = addNode(server.context.db, 1);
  const ending = { exec_time_minutes: 1, completion_time: '2026-11-21T10:00:00.000Z', return_code: 0 };
  const body = { job_id: 1, workflow_id: 1, run_id: 0, compute_node_id, ...ending };
  await client.jobs.complete({
    ...{ id: 1, status: 'completed', run_id: 0 },
    body: { ...body, status: 'completed' },
  });
  t.equal(await word(), 'completed');
  await client.jobs.create({ body: { workflow_id: 1, name: 'k', command: 'false' } });
  server.context.db.prepare("UPDATE job SET status = 'failed' WHERE id = 2").run();
  t.equal(await word(), 'failed');
  await client.workflows.cancel({ id: 1 });
  t.equal(await word(), 'canceled');
});

t.test('as text it says how many jobs are in each state', async (t) => {
  const { client, url, server } = await runningServer(t);
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  const shown = async () => (await torc(url, ['workflows', 'status', '1'])).stdout;
  t.match(await shown(), / {2}Is Archived: false\n {2}Jobs: 0\n$/);
  for (const name of ['a', 'b', 'c', 'd'])
    await client.jobs.create({ body: { workflow_id: 1, name, command: 'true' } });
  await client.workflows.initializeJobs({ id: 1 });
  server.context.db.prepare("UPDATE job SET status = 'running' WHERE id = 2").run();
  server.context.db.prepare("UPDATE job SET status = 'pending_failed' WHERE id = 3").run();
  t.equal(
    await shown(),
    [
      ...['Workflow Status for ID 1:', '  Status: running', '  Run ID: 0'],
      ...['  Is Canceled: false', '  Is Archived: false'],
      ...['  Jobs: 4', '    ready: 2', '    running: 1', '    pending_failed: 1', ''],
    ].join('\n'),
  );
});

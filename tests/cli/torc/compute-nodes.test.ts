import t from 'tap';
import { runningServer } from '../../client/running-server.js';
import { torc, torcJson } from './torc.js';

t.test('runners, and the allocations that they run in', async (t) => {
  const { client, url } = await runningServer(t);
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  await client.slurmSchedulers.create({
    body: { workflow_id: 1, name: 's', account: 'a', nodes: 1, walltime: '01:00:00' },
  });
  const allocation = { workflow_id: 1, scheduler_config_id: 1, scheduler_type: 'slurm' };
  for (const [scheduler_id, status] of [
    [4711, 'active'],
    [4712, 'pending'],
  ] as const) {
    await client.scheduledComputeNodes.create({ body: { ...allocation, scheduler_id, status } });
  }
  const node = {
    workflow_id: 1,
    pid: 7,
    start_time: '2026-11-21T10:00:00.000Z',
    num_nodes: 1,
    is_active: true,
  };
  const has = { num_cpus: 4, memory_gb: 8, num_gpus: 0 };
  await client.computeNodes.create({
    body: { ...node, ...has, hostname: 'laptop', compute_node_type: 'local' },
  });
  const scheduler = { scheduler_id: 1, slurm_job_id: '4711' };
  await client.computeNodes.create({
    body: { ...node, ...has, hostname: 'n1', compute_node_type: 'slurm', scheduler },
  });
  await client.jobs.create({ body: { workflow_id: 1, name: 'a', command: 'true' } });
  const ended = { completion_time: '2026-11-21T10:00:30.000Z', exec_time_minutes: 0.5 };
  const how = { run_id: 1, return_code: 0, status: 'completed' } as const;
  await client.results.create({ body: { workflow_id: 1, job_id: 1, compute_node_id: 2, ...ended, ...how } });

  const all = await torcJson(url, ['compute-nodes', 'list', '1', '-s', 'hostname']);
  t.match(all, { compute_nodes: [{ hostname: 'laptop' }, { hostname: 'n1', scheduler }] });
  const of = await torcJson(url, ['compute-nodes', 'list', '1', '--scheduled-compute-node', '1']);
  t.match(of, { compute_nodes: [{ id: 2 }] });
  t.match(await torcJson(url, ['compute-nodes', 'get', '2']), { id: 2, hostname: 'n1' });
  const table = await torc(url, ['compute-nodes', 'list', '1']);
  t.match(table.stdout, /│ 1 {2}│ laptop {3}│ 7 {3}│ local │ true {3}│ 4 {4}│ 8.0 {9}│ 0 {4}│/);

  const group = 'scheduled-compute-nodes';
  t.match(await torcJson(url, [group, 'list', '1', '--status', 'pending']), {
    scheduled_compute_nodes: [{ id: 2, scheduler_id: 4712 }],
  });
  t.match(await torcJson(url, [group, 'list', '1', '--scheduler-id', '4711']), {
    scheduled_compute_nodes: [{ id: 1 }],
  });
  t.match(await torcJson(url, [group, 'list', '1', '--scheduler-config-id', '2']), {
    scheduled_compute_nodes: [],
  });
  t.match(await torcJson(url, [group, 'get', '1']), { id: 1, scheduler_id: 4711, status: 'active' });
  t.same(await torcJson(url, [group, 'list-jobs', '1']), {
    ...{ scheduled_compute_node_id: 1, workflow_id: 1, compute_node_count: 1, job_ids: [1] },
  });
  t.match(await torc(url, [group, 'list-jobs', '2']), {
    stdout: 'No jobs ran in scheduled compute node 2\n',
  });
});

import { hostname } from 'node:os';
import { t } from 'tap';
import type { Connection } from '../../lib/client/connection.js';
import { job, Workbench } from './workbench.js';

t.test(
  'A job that a living runner gives back and claims anew is not taken for one of the dead',
  async (t) => {
    const bench = await Workbench.open(t);
    const { client } = bench;
    const id = await bench.create({ jobs: [job('one', 'exit 1')] });
    const start_time = new Date().toISOString();
    const node = await client.computeNodes.create({
      body: {
        ...{ workflow_id: id, hostname: hostname(), pid: process.pid, start_time, is_active: true },
        ...{ num_cpus: 1, memory_gb: 1, num_gpus: 0, num_nodes: 1, compute_node_type: 'local' },
      },
    });
    const other = { compute_node_id: node.id ?? 0, run_id: 1 };
    const { jobs: [claimed] = [] } = await client.workflows.claimNext({ id, limit: 1, ...other });
    const one = { id: claimed?.id ?? 0 };
    t.match(claimed, { name: 'one', status: 'running' });

    const { connection } = client;
    const isNodes = /^\/compute_nodes\?/;
    before(connection, isNodes, () => client.jobs.changeStatus({ ...one, status: 'ready', run_id: 1 }));
    before(connection, new RegExp(`^/jobs/${one.id}$`), async () => {
      t.match(await client.workflows.claimNext({ id, limit: 1, ...other }), {
        jobs: [{ status: 'running' }],
      });
    });
    const stop = new AbortController();
    before(connection, /is_complete/, () => stop.abort());
    await bench.run(id, {}, { stop: stop.signal });

    t.match(await client.jobs.get(one), { status: 'running', attempt_id: 1 });
    const there = await client.jobs.list({ workflow_id: id, active_compute_node_id: other.compute_node_id });
    t.match(there.items, [{ name: 'one' }], 'it is where it was');
  },
);

/** Does something once, before the first request of a path is sent. */
function before(connection: Connection, path: RegExp, act: () => unknown): void {
  const ask = connection.ask.bind(connection);
  let isDone = false;
  connection.ask = async (exchange) => {
    if (!isDone && path.test(exchange.path)) {
      isDone = true;
      await act();
    }
    return await ask(exchange);
  };
}

import t from 'tap';
import { TestServer } from './server.js';

const MACHINE = { num_cpus: 4, memory_gb: 8, num_gpus: 0, num_nodes: 1, time_limit: 'PT1H' };

t.test('claims with the limit and the resources where older clients put them', async (t) => {
  const server = TestServer.open(t);
  await server.ask('POST', '/workflows', { name: 'w', user: 'u' });
  const jobs = Array.from({ length: 13 }, (_, number) => ({
    workflow_id: 1,
    name: `j${number}`,
    command: 'true',
  }));
  await server.ask('POST', '/bulk_jobs', { jobs });
  await server.ask('POST', '/workflows/1/initialize_jobs');
  const path = '/workflows/1/claim_jobs_based_on_resources';
  const claimed = async (method: 'GET' | 'POST', query: string, body?: unknown) => {
    const { status, json } = await server.ask(method, path + query, body);
    return [status, (json.jobs as { name: string }[] | undefined)?.length];
  };
  t.same(await claimed('POST', '?limit=1', MACHINE), [200, 1]);
  t.same(await claimed('GET', '?limit=2&num_cpus=4&memory_gb=8.5&num_gpus=0&num_nodes=1'), [200, 2]);
  t.same(
    await claimed('POST', '?sort_method=none&strict_scheduler_match=true', MACHINE),
    [200, 4],
    'as many as fit',
  );
  t.same(await claimed('GET', '?limit=2'), [400, undefined]);
  t.same(await claimed('POST', '?limit=x', MACHINE), [400, undefined]);
  t.same(await claimed('POST', ''), [400, undefined]);
  t.match(await server.ask('POST', path, { ...MACHINE, time_limit: '1h' }), {
    ...{ status: 422, json: { error: { field: 'time_limit', value: '1h' } } },
  });
});

import t from 'tap';
import { runningServer } from '../../client/running-server.js';
import { torc, torcJson } from './torc.js';

t.test('resource requirements from their creation to their end', async (t) => {
  const { client, url } = await runningServer(t);
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  const group = 'resource-requirements';
  const small = { id: 2, workflow_id: 1, name: 'small', num_cpus: 1, num_gpus: 0, num_nodes: 1 };
  t.same(await torcJson(url, [group, 'create', '1', '-n', 'small']), {
    ...small,
    memory: '1m',
    runtime: 'P0DT1M',
  });
  const words = ['--num-cpus', '8', '--num-gpus', '1', '-m', '32g', '-r', 'PT4H'];
  const large = { id: 3, workflow_id: 1, name: 'large', num_cpus: 8, num_gpus: 1, num_nodes: 1 };
  t.same(await torcJson(url, [group, 'create', '1', '-n', 'large', ...words]), {
    ...{ ...large, memory: '32g', runtime: 'PT4H' },
  });
  const changed = { ...large, memory: '64g', runtime: 'PT4H' };
  t.same(await torcJson(url, [group, 'update', '3', '--memory', '64g']), changed, 'the rest stays as it is');
  t.same(await torcJson(url, [group, 'get', '3']), changed);
  const sorted = await torcJson(url, [
    group,
    'list',
    '1',
    '--sort-by',
    'num_cpus',
    '--reverse-sort',
    '-l',
    '1',
  ]);
  t.same(sorted, { resource_requirements: [changed] });
  t.match(await torc(url, [group, 'list', '1']), {
    stdout: /│ 3 {2}│ large {3}│ 8 {4}│ 1 {4}│ 1 {5}│ 64g {4}│ PT4H {4}│\n/,
  });
  t.match(await torcJson(url, [group, 'delete', '2']), { id: 2, name: 'small' });
  const wrong = await torc(url, [group, 'create', '1', '-n', 'x', '-m', '2 GB']);
  t.match(wrong, { code: 1, stderr: /^torc: error: [^\n]*memory[^\n]*2 GB[^\n]*\n/ });
  t.match(await torc(url, [group, 'create', '1']), { code: 2, stderr: /--name/ });
});

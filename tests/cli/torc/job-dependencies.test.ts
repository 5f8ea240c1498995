import t from 'tap';
import { runningServer } from '../../client/running-server.js';
import { torc, torcJson } from './torc.js';

t.test('what waits for what, and why', async (t) => {
  const { client, url } = await runningServer(t);
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  await client.files.create({ body: { workflow_id: 1, name: 'f', path: 'f.txt' } });
  await client.userData.create({ body: { workflow_id: 1, name: 'd' } });
  const job = { workflow_id: 1, command: 'true' };
  await client.jobs.create({ body: { ...job, name: 'a', output_file_ids: [1], output_user_data_ids: [1] } });
  await client.jobs.create({ body: { ...job, name: 'b', input_file_ids: [1], input_user_data_ids: [1] } });
  await client.jobs.create({ body: { ...job, name: 'c', depends_on_job_ids: [1, 2] } });

  const explicit = await torcJson(url, ['job-dependencies', 'job-job', '1', '-l', '1', '--offset', '1']);
  t.match(explicit, {
    items: [{ job_id: 3, job_name: 'c', depends_on_job_id: 2, depends_on_job_name: 'b' }],
    ...{ offset: 1, count: 1, total_count: 2, has_more: false },
  });
  t.match(await torcJson(url, ['job-dependencies', 'job-file', '1']), {
    items: [{ file_name: 'f', file_path: 'f.txt', producer_job_name: 'a', consumer_job_name: 'b' }],
  });
  t.match(await torcJson(url, ['job-dependencies', 'job-user-data', '1']), {
    items: [{ user_data_name: 'd', producer_job_id: 1, consumer_job_id: 2 }],
  });
  const { stdout } = await torc(url, ['job-dependencies', 'job-file', '1']);
  t.match(stdout, /│ 1 {7}│ f {9}│ f.txt {5}│ a {12}│ b {12}│\n/);
  t.match(stdout, /\nTotal: 1\n$/);
  await client.workflows.create({ body: { name: 'empty', user: 'alice' } });
  const none = await torc(url, ['job-dependencies', 'job-job', '2']);
  t.match(none, { code: 0, stdout: 'No such dependencies found for workflow ID: 2\n' });
});

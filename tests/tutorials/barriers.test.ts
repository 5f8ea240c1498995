import t from 'tap';
import { skip, Tutorial } from './tutorial.js';

interface Job {
  id: number;
  name: string;
  status: string;
}

t.test('the tutorial of barriers', { skip }, async (t) => {
  const tutorial = await Tutorial.open(t, 'barriers', { cpus: 16, memoryGb: 4, gpus: 0 });
  await tutorial.step('Step 2: Create the Output Directory');
  const created = await tutorial.step('Step 3: Create the Workflow');
  t.match(created.stdout, /^Created workflow with ID: 1\n- Created 202 jobs\n/);
  t.equal((await tutorial.step('Step 4: Run the Workflow')).code, 0);
  const { jobs } = (await tutorial.json('torc -f json jobs list 1')) as { jobs: Job[] };
  t.equal(jobs.length, 202);
  t.ok(jobs.every(({ status }) => status === 'completed'));
  const stdoutOf = (name: string) => tutorial.stdoutOfJob(jobs.find((job) => job.name === name)?.id ?? 0);
  t.match(stdoutOf('data_generation_complete'), /^All 100 data files generated\n\d{3}\n$/);
  t.equal(stdoutOf('processing_complete'), 'All 100 files processed\n300\n', 'three words in each file');
  const edges = await tutorial.json('torc -f json job-dependencies job-job 1');
  t.match(edges, { total_count: 300 }, '10,000 without the barrier');
});

import t from 'tap';
import { skip, Tutorial } from './tutorial.js';

interface Job {
  name: string;
  status: string;
}

t.test('tutorial 2: a diamond of jobs with file dependencies', { skip }, async (t) => {
  const tutorial = await Tutorial.open(t, 'diamond', { cpus: 8, memoryGb: 16, gpus: 0 });
  await tutorial.step('Step 2: Create Input Data');
  const created = await tutorial.step('Step 3: Create and Initialize the Workflow');
  t.equal(created.code, 0);
  t.match(created.stdout, /^Created workflow: 1$/m);

  const { stdout: table } = await tutorial.step('Step 4: Observe Dependency Resolution');
  t.match(table, /│ ID │ Name +│ Status +│/);
  const states = [...table.matchAll(/│ (\d) +│ (\w+) +│ (\w+) +│/g)].map((match) => match.slice(1));
  t.same(states, [
    ['1', 'preprocess', 'ready'],
    ['2', 'work1', 'blocked'],
    ['3', 'work2', 'blocked'],
    ['4', 'postprocess', 'blocked'],
  ]);

  const run = await tutorial.step('Step 5: Run the Workflow');
  t.equal(run.code, 0);
  const { jobs } = (await tutorial.json('torc -f json jobs list $WORKFLOW_ID')) as { jobs: Job[] };
  t.ok(jobs.every(({ status }) => status === 'completed'));
  const { results } = (await tutorial.json('torc -f json results list $WORKFLOW_ID')) as {
    results: { job_id: number; return_code: number }[];
  };
  t.same(
    results.map(({ return_code }) => return_code),
    [0, 0, 0, 0],
  );
  const order = results.map(({ job_id }) => job_id);
  t.equal(order[0], 1, 'preprocess ended first');
  t.equal(order[3], 4, 'postprocess ended last');

  const output = await tutorial.step('Step 6: Verify Results');
  t.equal(output.stdout, 'apple\tbrown\nbanana\tred\ncherry\tyellow\ndate\t\n');
});

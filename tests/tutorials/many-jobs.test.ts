import t from 'tap';
import { skip, Tutorial } from './tutorial.js';

/** All hundred jobs fit at once, and a second of `sleep` takes a hundredth. */
const MACHINE = {
  ...{ cpus: 100, memoryGb: 100, gpus: 0 },
  standIns: { sleep: 'exec /bin/sleep "$(printf 0.%02d "$1")"' },
};

const NUMBERS = Array.from({ length: 100 }, (_, at) => at + 1);

t.test('tutorial 1: many independent jobs', { skip }, async (t) => {
  const tutorial = await Tutorial.open(t, 'many-jobs', MACHINE);
  const address = await tutorial.step('If you use a custom port');
  t.equal(address.code, 0);
  const run = await tutorial.step('Step 3: Run the Workflow');
  t.equal(run.code, 0);
  t.match(run.stdout, /^Created workflow 1$/m);

  const status = await tutorial.step('Step 4: Monitor Execution: status');
  t.match(status.stdout, /^Workflow Status for ID 1:$/m);
  const jobs = await tutorial.step('Step 4: Monitor Execution: jobs');
  const names = [...jobs.stdout.matchAll(/│ \d+ +│ (job_\d{3}) +│ completed +│/g)].map(([, name]) => name);
  t.same(
    names,
    NUMBERS.map((i) => `job_${String(i).padStart(3, '0')}`),
  );
  const results = await tutorial.step('Step 5: View Results');
  t.equal([...results.stdout.matchAll(/│ completed │/g)].length, 100);

  const { results: ends } = (await tutorial.json('torc -f json results list 1')) as {
    results: { job_id: number; return_code: number; status: string }[];
  };
  t.same(
    ends.map(({ job_id }) => job_id).sort((a, b) => a - b),
    NUMBERS,
  );
  t.ok(ends.every(({ return_code: code, status: end }) => code === 0 && end === 'completed'));
  for (const i of [1, 37, 100]) {
    t.equal(tutorial.stdoutOfJob(i), `Running job ${i}\nJob ${i} completed\n`, `output of job ${i}`);
  }
});

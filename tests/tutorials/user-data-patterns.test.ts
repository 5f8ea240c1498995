import t from 'tap';
import { skip, Tutorial } from './tutorial.js';

/** What the tutorial's `python` programs would do, in bash. */
const PYTHON = `case "$1" in
  analyze.py) echo 0.003 ;;
  process.py) echo "{\\"id\\": $3, \\"square\\": $(($3 * $3))}" ;;
  aggregate.py) jq -s 'map(.data.square) | add' "$2" ;;
esac`;

const MACHINE = { cpus: 4, memoryGb: 4, gpus: 0, standIns: { python: PYTHON } };

t.test('tutorial 3: common patterns', { skip }, async (t) => {
  const tutorial = await Tutorial.open(t, 'user-data-patterns', MACHINE);
  const run = await tutorial.type('torc run patterns.yaml');
  t.equal(run.code, 0);
  const { jobs } = (await tutorial.json('torc -f json jobs list 1')) as {
    jobs: { id: number; name: string; status: string }[];
  };
  t.ok(jobs.every(({ status }) => status === 'completed'));
  const found = await tutorial.json("torc user-data get optimal_params --workflow-id 1 | jq '.data'");
  t.same(found, { learning_rate: 0.003 });
  const aggregate = jobs.find(({ name }) => name === 'aggregate');
  t.equal(tutorial.stdoutOfJob(aggregate?.id ?? 0), '385\n', 'the sum of the squares of 1 to 10');
});

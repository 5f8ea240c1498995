import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { skip, Tutorial } from './tutorial.js';

/** `python`: reads what it is given to read, and writes where it is told to write. */
const PYTHON = `for word in "$@"; do
  case "$word" in
    --data=* | --model=* | --summary=*) [ -e "\${word#*=}" ] || exit 3 ;;
    --output=* | --metrics=*) echo "$1" > "\${word#*=}" ;;
  esac
done`;

const MACHINE = {
  ...{ cpus: 64, memoryGb: 256, gpus: 8, standIns: { python: PYTHON } },
  folders: ['/data', '/models', '/results'],
};

/** Names and states in a table of jobs. */
function statesIn(table: string): [name: string, state: string][] {
  return [...table.matchAll(/│ \d+ +│ (\S+) +│ (\w+) +│/g)].map(([, name = '', state = '']) => [name, state]);
}

t.test('tutorial 4: simple job parameterization', { skip }, async (t) => {
  const tutorial = await Tutorial.open(t, 'parameters', MACHINE);
  await tutorial.step('Step 2: Create and Initialize the Workflow');
  const count = await tutorial.step('Step 3: Verify the Expansion: count');
  t.equal(count.stdout, '11\n');
  const names = await tutorial.step('Step 3: Verify the Expansion: names');
  const rates = ['0.0001', '0.0005', '0.0010', '0.0050', '0.0100'];
  const trained = rates.map((rate) => `train_lr${rate}`);
  const evaluated = rates.map((rate) => `evaluate_lr${rate}`);
  t.same(names.stdout.trimEnd().split('\n'), ['compare_results', ...evaluated, ...trained]);
  const states = statesIn((await tutorial.step('Step 4: Check Dependencies')).stdout);
  t.same(
    states.filter(([, state]) => state === 'ready').map(([name]) => name),
    trained,
  );
  t.equal(states.filter(([, state]) => state === 'blocked').length, 6);
  t.equal((await tutorial.step('Step 5: Run the Workflow')).code, 0);
  t.equal(await tutorial.json("torc -f json jobs list 1 -s completed | jq '.jobs | length'"), 11);
  t.ok(existsSync(join(tutorial.folder, 'results/comparison.csv')));
});

t.test('tutorial 5: a grid of three parameters', { skip }, async (t) => {
  const tutorial = await Tutorial.open(t, 'grid-search', MACHINE);
  await tutorial.step('Step 2: Create and Initialize the Workflow');
  const count = await tutorial.step('Step 3: Verify the Expansion: count');
  t.equal(count.stdout, '21\n');
  const names = await tutorial.step('Step 3: Verify the Expansion: names');
  const grid = ['0.0001', '0.0010', '0.0100'].flatMap((lr) =>
    ['16', '32', '64'].flatMap((bs) => ['adam', 'sgd'].map((opt) => `train_lr${lr}_bs${bs}_opt${opt}`)),
  );
  t.same(names.stdout.trimEnd().split('\n'), grid);
  const states = statesIn((await tutorial.step('Step 4: Examine the Dependency Graph')).stdout);
  t.same(
    states.filter(([, state]) => state !== 'blocked'),
    [['prepare_data', 'ready']],
  );
  t.equal((await tutorial.step('Step 5: Run the Workflow')).code, 0);
  t.equal((await tutorial.step('Step 6: Monitor Progress')).code, 0);
  t.equal(await tutorial.json("torc -f json jobs list 1 -s completed | jq '.jobs | length'"), 21);
  const results = await tutorial.step('Step 7: Retrieve Results');
  t.equal(results.stdout, 'select_best.py\naggregate.py\n');
});

t.test('the variables that a job finds in its environment', { skip }, async (t) => {
  const tutorial = await Tutorial.open(t, 'environment');
  t.equal((await tutorial.type('torc run environment.yaml')).code, 0);
  const url = (await tutorial.type('printf %s "$TORC_API_URL"')).stdout;
  t.equal(
    tutorial.stdoutOfJob(1),
    `=== Job Environment ===\nWorkflow ID: 1\nJob ID: 1\nAPI URL: ${url}\nJob completed successfully!\n`,
  );
  t.ok(existsSync(join(tutorial.folder, 'tmp/workflow_1/job_1/status.txt')));
});

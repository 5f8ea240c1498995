import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { skip, Tutorial } from './tutorial.js';

const MACHINE = { cpus: 16, memoryGb: 64, gpus: 4 };
const CONFIG = { learning_rate: 0.001, batch_size: 32, epochs: 10 };

t.test('tutorial 3: user data dependencies', { skip }, async (t) => {
  const tutorial = await Tutorial.open(t, 'user-data', MACHINE);
  const created = await tutorial.step('Step 2: Create and Initialize the Workflow');
  t.match(created, { code: 0, stdout: /^Created workflow: 1$/m });
  const before = await tutorial.step('Step 3: Check Initial State: user data');
  t.ok(before.stdout.includes(TABLE), 'the table of the tutorial');
  const { stdout: table } = await tutorial.step('Step 3: Check Initial State: jobs');
  t.match(table, /│ generate_config +│ ready +│/);
  t.match(table, /│ train_model +│ blocked +│/);
  t.match(table, /│ evaluate_model +│ blocked +│/);

  const run = await tutorial.step('Step 4: Run the Workflow');
  t.equal(run.code, 0);
  // The filter of the tutorial is for a bare list, and the same manual reads `user_data` of an object elsewhere.
  const flow = await tutorial.step('Step 5: Observe the Data Flow');
  t.match(flow.stderr, /Cannot index array/);
  t.same(await tutorial.json("torc user-data list $WORKFLOW_ID -f json | jq '.user_data[] | {name, data}'"), {
    name: 'ml_config',
    data: CONFIG,
  });
  const results = await tutorial.step('Step 6: Verify Completion');
  t.equal([...results.stdout.matchAll(/│ 0 +│ [\d.]+ +│.*│ completed │/g)].length, 3, 'return code 0');
  t.equal(
    tutorial.stdoutOfJob(2),
    `Training with config:\n${JSON.stringify(CONFIG, null, 2)}\n`,
    'what a job reads is what another one wrote',
  );
});

const TABLE = `
╭────┬───────────┬──────┬─────────────╮
│ ID │ Name      │ Data │ Workflow ID │
├────┼───────────┼──────┼─────────────┤
│ 1  │ ml_config │ null │ 1           │
╰────┴───────────┴──────┴─────────────╯
`;

t.test('tutorial 3: accessing user data in code', { skip }, async (t) => {
  const tutorial = await Tutorial.open(t, 'user-data', MACHINE);
  await tutorial.step('Step 2: Create and Initialize the Workflow');
  await tutorial.type('USER_DATA_ID=1');
  t.equal((await tutorial.step('Write user_data: JSON')).code, 0);
  const record = await tutorial.step('Read user_data: the full record');
  t.match(JSON.parse(record.stdout), { id: 1, name: 'ml_config', data: { key: 'value' } });
  const data = await tutorial.step('Read user_data: the data field');
  t.same(JSON.parse(data.stdout), { key: 'value' });
  await tutorial.step('Read user_data: to a file');
  t.same(JSON.parse(readFileSync(join(tutorial.folder, 'config.json'), 'utf8')), { key: 'value' });
  writeFileSync(join(tutorial.folder, 'results.json'), '{"loss": [0.5, 0.25]}\n');
  await tutorial.step('Write user_data: from a file');
  t.same(await tutorial.json("torc user-data get $USER_DATA_ID | jq '.data'"), { loss: [0.5, 0.25] });
});

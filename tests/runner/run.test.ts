import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { t } from 'tap';
import { job, Workbench } from './workbench.js';

t.test('A diamond runs in its order, and leaves its files where they belong', async (t) => {
  const bench = await Workbench.open(t);
  const log = bench.path('order');
  const step = (name: string, depends_on: string[] = []) =>
    job(name, `echo ${name} >> ${log}; echo out of $TORC_JOB_NAME; echo err >&2`, { depends_on });
  const { id, summary } = await bench.runNew({
    jobs: [step('a'), step('b', ['a']), step('c', ['a']), step('d', ['b', 'c'])],
  });
  t.match(summary, { reason: 'complete', completed: 4, failed: 0, runId: 1, workflowId: id });
  const order = bench.read('order').trim().split('\n');
  t.equal(order[0], 'a');
  t.equal(order[3], 'd');
  const { items } = await bench.client.jobs.list({ workflow_id: id });
  for (const { id: jobId, name } of items) {
    const path = join(bench.outputDir, 'job_stdio', `job_wf${id}_j${jobId}_r1_a1`);
    t.ok(existsSync(`${path}.e`));
    t.equal(bench.read(`output/job_stdio/job_wf${id}_j${jobId}_r1_a1.o`), `out of ${name}\n`);
  }
  t.match(bench.read(`output/job_runner_${hostname()}_wf${id}_r1.log`), /start job 1 \(a\), attempt 1/);
  const [node] = (await bench.client.computeNodes.list({ workflow_id: id })).items;
  t.match(node, {
    is_active: false,
    compute_node_type: 'local',
    pid: process.pid,
    num_cpus: 4,
    memory_gb: 4,
  });
  t.ok(node?.duration_seconds !== undefined);
});

t.test('What jobs find in their environment', async (t) => {
  const bench = await Workbench.open(t);
  const { id } = await bench.runNew({ jobs: [job('one', `env > ${bench.path('env')}`)] });
  const env = Object.fromEntries(
    bench
      .read('env')
      .split('\n')
      .map((line) => line.split('=')),
  );
  t.match(env, {
    TORC_WORKFLOW_ID: String(id),
    TORC_JOB_ID: '1',
    TORC_JOB_NAME: 'one',
    TORC_OUTPUT_DIR: bench.outputDir,
    TORC_ATTEMPT_ID: '1',
    TORC_API_URL: bench.url,
  });
});

t.test(
  'Return codes: exit codes, signals, missing outputs; failures cancel what waits for them',
  async (t) => {
    const bench = await Workbench.open(t);
    const { id, summary } = await bench.runNew({
      jobs: [
        job('seven', 'exit 7'),
        job('killed', 'kill -9 $$'),
        job('nothing', 'true', { output_files: ['file'] }),
        job('after', 'true', { depends_on: ['seven'] }),
        job('anyway', 'true', { depends_on: ['seven'], cancel_on_blocking_job_failure: false }),
      ],
      files: [{ name: 'file', path: bench.path('never-written') }],
    });
    t.match(summary, { reason: 'complete', completed: 1, failed: 3 });
    t.same(await bench.statuses(id), {
      ...{ seven: 'failed', killed: 'failed', nothing: 'failed', after: 'canceled', anyway: 'completed' },
    });
    const code = async (name: string) =>
      (await bench.results(id, name)).map(({ return_code }) => return_code);
    t.same(await code('seven'), [7]);
    t.same(await code('killed'), [137]);
    t.same(await code('nothing'), [1]);
  },
);

t.test(
  'Output files that are there are stored with their times; invocation scripts are applied',
  async (t) => {
    const bench = await Workbench.open(t);
    const path = bench.path('written');
    const { id } = await bench.runNew({
      jobs: [
        job('write', `echo hello > ${path}`, { output_files: ['file'] }),
        job('invoked', `echo called`, { invocation_script: `env GREETING=yes` }),
      ],
      files: [{ name: 'file', path }],
    });
    t.same(await bench.statuses(id), { write: 'completed', invoked: 'completed' });
    const [file] = (await bench.client.files.list({ workflow_id: id })).items;
    t.ok(Math.abs((file?.st_mtime ?? 0) - Date.now() / 1000) < 60);
  },
);

t.test('No more jobs at a time than asked for, or than there are processors', async (t) => {
  for (const [options, most] of [
    [{ maxParallelJobs: 2 }, 2],
    [{ capacity: { cpus: 3, memoryGib: 1, gpus: 0 } }, 3],
  ] as const) {
    const bench = await Workbench.open(t);
    const [begun, here, counts] = [bench.path('begun'), bench.path('here'), bench.path('counts')];
    // Each counts those that are here with it; the first ones wait until there are as many as there may be.
    const enter = `mkdir -p ${begun} ${here}; touch ${begun}/$TORC_JOB_NAME ${here}/$TORC_JOB_NAME`;
    const meet = `until test $(ls ${begun} | wc -l) -ge ${most}; do sleep 0.02; done`;
    const command = `${enter}; ${meet}; ls ${here} | wc -l >> ${counts}; rm ${here}/$TORC_JOB_NAME`;
    const id = await bench.create({ jobs: Array.from({ length: 9 }, (_, n) => job(`j${n}`, command)) });
    t.match(await bench.run(id, options), { completed: 9 });
    const peak = Math.max(...bench.read('counts').trim().split('\n').map(Number));
    t.equal(peak, most, 'at a time');
  }
});

t.test('GPUs go to one job each', async (t) => {
  const bench = await Workbench.open(t);
  const gpus = bench.path('gpus');
  // The first one waits for the second one.
  const command = `echo $CUDA_VISIBLE_DEVICES >> ${gpus}; until test $(wc -l < ${gpus}) -ge 2; do sleep 0.02; done`;
  await bench.runNew(
    {
      jobs: [1, 2, 3].map((n) => job(`g${n}`, command, { resource_requirements: 'gpu' })),
      resource_requirements: [{ name: 'gpu', num_cpus: 1, num_gpus: 1, memory: '1m', runtime: 'PT1M' }],
    },
    { capacity: { cpus: 4, memoryGib: 1, gpus: 2 } },
  );
  const used = bench.read('gpus').trim().split('\n');
  t.same(used.slice(0, 2).sort(), ['0', '1']);
  t.equal(used.length, 3);
});

import { t } from 'tap';
import type { ActionSpec, TriggerType } from '../../lib/workflow/spec.js';
import { job, Workbench } from './workbench.js';

t.test('Commands of all six triggers run at their times, each once', async (t) => {
  const bench = await Workbench.open(t);
  const log = bench.path('log');
  const action = (trigger_type: TriggerType, jobs?: string[]): ActionSpec => ({
    ...{ trigger_type, action_type: 'run_commands', commands: [`echo ${trigger_type} >> ${log}`] },
    ...(jobs === undefined ? {} : { jobs }),
  });
  const { summary } = await bench.runNew({
    jobs: [
      job('first', `echo first >> ${log}`),
      job('second', `sleep 0.5; echo second >> ${log}`, { depends_on: ['first'] }),
    ],
    actions: [
      action('on_workflow_start'),
      action('on_worker_start'),
      action('on_jobs_ready', ['second']),
      action('on_jobs_complete', ['first']),
      action('on_workflow_complete'),
      action('on_worker_complete'),
    ],
  });
  t.match(summary, { reason: 'complete', completed: 2 });
  const lines = bench.read('log').trim().split('\n');
  t.same(lines.slice(0, 3), ['on_workflow_start', 'on_worker_start', 'first']);
  t.same(lines.slice(3, 6).sort(), ['on_jobs_complete', 'on_jobs_ready', 'second']);
  t.same(lines.slice(6), ['on_workflow_complete', 'on_worker_complete']);
});

t.test('An action that fails stops at its first failing command, and nothing else stops', async (t) => {
  const bench = await Workbench.open(t);
  const { id, summary } = await bench.runNew({
    jobs: [job('one', 'true')],
    actions: [
      {
        ...{ trigger_type: 'on_workflow_start', action_type: 'run_commands' },
        commands: ['pwd; echo $TORC_WORKFLOW_ID', 'exit 3', 'echo never'],
      },
    ],
  });
  t.match(summary, { completed: 1 });
  const [action] = await bench.client.actions.list({ id });
  t.match(action, { executed: true });
  t.equal(bench.read(`output/action_wf${id}_a${action?.id}.o`), `${bench.outputDir}\n${id}\n`);
});

t.test('Two runners carry out an action once, and a persistent one once each', async (t) => {
  const bench = await Workbench.open(t);
  const command = (name: string) => [`echo x >> ${bench.path(name)}`];
  const id = await bench.create({
    jobs: [1, 2, 3, 4].map((n) => job(`j${n}`, 'sleep 0.5')),
    actions: [
      { trigger_type: 'on_worker_start', action_type: 'run_commands', commands: command('once') },
      {
        trigger_type: 'on_worker_start',
        action_type: 'run_commands',
        commands: command('each'),
        persistent: true,
      },
    ],
  });
  const summaries = await Promise.all([1, 2].map(() => bench.run(id, { maxParallelJobs: 2 })));
  t.equal(
    summaries.reduce((sum, { completed }) => sum + completed, 0),
    4,
  );
  t.equal(bench.read('once'), 'x\n');
  t.equal(bench.read('each'), 'x\nx\n');
});

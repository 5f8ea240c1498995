import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from 'tap';
import type { JobEvent } from '../../lib/runner/options.js';
import { job, Workbench } from './workbench.js';

/** Aborts once so many jobs have started, and have had a moment to set their traps. */
function afterStarts(count: number, controller: AbortController) {
  let left = count;
  return async (event: JobEvent) => {
    if (event.kind !== 'started') return;
    left -= 1;
    if (left === 0) setTimeout(() => controller.abort(), 500);
  };
}

t.test('A runner that is stopped ends its jobs, gently where they support it', async (t) => {
  const bench = await Workbench.open(t);
  const saved = bench.path('saved');
  const id = await bench.create({
    jobs: [
      job('gentle', `trap 'sleep 0.3; echo yes > ${saved}; exit 0' TERM; while :; do sleep 0.05; done`, {
        supports_termination: true,
      }),
      job('rough', 'sleep 100'),
      job('waiting', 'true', { depends_on: ['gentle'] }),
    ],
  });
  const stop = new AbortController();
  const summary = await bench.run(id, {}, { stop: stop.signal }, { onJob: afterStarts(2, stop) });
  t.match(summary, { reason: 'stopped', terminated: 2 });
  t.equal(bench.read('saved'), 'yes\n');
  t.match(await bench.statuses(id), { gentle: 'terminated', rough: 'terminated' });
  t.match(await bench.results(id, 'gentle'), [{ return_code: 0, status: 'terminated' }]);
  t.match(await bench.results(id, 'rough'), [{ return_code: -9, status: 'terminated' }]);
});

t.test('A second signal does not wait for jobs that take their time', async (t) => {
  const bench = await Workbench.open(t);
  const id = await bench.create({
    jobs: [job('stubborn', `trap '' TERM; while :; do sleep 0.05; done`, { supports_termination: true })],
  });
  const [stop, kill] = [new AbortController(), new AbortController()];
  stop.signal.addEventListener('abort', () => setTimeout(() => kill.abort(), 300));
  const onJob = afterStarts(1, stop);
  t.match(await bench.run(id, {}, { stop: stop.signal, kill: kill.signal }, { onJob }), { terminated: 1 });
  t.match(await bench.results(id, 'stubborn'), [{ return_code: -9 }]);
});

t.test('When its time is up, a runner ends its jobs; with little time left it claims none', async (t) => {
  const bench = await Workbench.open(t);
  const spec = { compute_node_expiration_buffer_seconds: 1, jobs: [job('long', 'sleep 100')] };
  const id = await bench.create(spec);
  const endTime = Date.now() / 1000 + 2;
  t.match(await bench.run(id, { endTime, maxParallelJobs: undefined }), { reason: 'expired' });
  t.ok(Date.now() / 1000 < endTime + 3);
});

t.test('A workflow that is canceled ends its runners', async (t) => {
  const bench = await Workbench.open(t);
  const mark = bench.path('still-there');
  const id = await bench.create({
    jobs: [job('long', `sleep 2; touch ${mark}`), job('next', 'true', { depends_on: ['long'] })],
  });
  const onJob = ({ kind }: JobEvent) => {
    if (kind === 'started') setTimeout(() => void bench.client.workflows.cancel({ id }), 200);
  };
  t.match(await bench.run(id, {}, {}, { onJob }), { reason: 'canceled', canceled: 1 });
  t.match(await bench.statuses(id), { long: 'canceled' });
  await sleep(2000);
  t.notOk(existsSync(mark), 'its processes are gone');
});

t.test('A runner without work ends after a while', async (t) => {
  const bench = await Workbench.open(t);
  const id = await bench.create({
    compute_node_wait_for_new_jobs_seconds: 1,
    jobs: [job('large', 'true', { resource_requirements: 'large' })],
    resource_requirements: [{ name: 'large', num_cpus: 100, memory: '1m', runtime: 'PT1M' }],
  });
  t.match(await bench.run(id), { reason: 'idle', completed: 0 });
  t.match(await bench.statuses(id), { large: 'ready' });
});

t.test('A workflow that was never initialised is refused', async (t) => {
  const bench = await Workbench.open(t);
  const id = await bench.create({ jobs: [job('one', 'true')] });
  await bench.client.workflows.resetJobStatus({ id });
  await t.rejects(bench.run(id), { code: 'not-initializable' });
});

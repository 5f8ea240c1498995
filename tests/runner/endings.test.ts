import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { t } from 'tap';
import { waitFor } from '../wait-for.js';
import { job, Workbench } from './workbench.js';

/** Waits for files with which jobs say that they are under way. */
async function allThere(...paths: readonly string[]): Promise<void> {
  await waitFor('the jobs to begin', 60, () => paths.every((path) => existsSync(path)) || undefined);
}

t.test('A runner that is stopped ends its jobs, gently where they support it', async (t) => {
  const bench = await Workbench.open(t);
  const [saved, gentle, rough] = [bench.path('saved'), bench.path('gentle'), bench.path('rough')];
  const trap = `trap 'sleep 0.3; echo yes > ${saved}; exit 0' TERM`;
  const id = await bench.create({
    jobs: [
      job('gentle', `${trap}; touch ${gentle}; while :; do sleep 0.05; done`, { supports_termination: true }),
      job('rough', `touch ${rough}; sleep 100`),
      job('waiting', 'true', { depends_on: ['gentle'] }),
    ],
  });
  const stop = new AbortController();
  const run = bench.run(id, {}, { stop: stop.signal });
  await allThere(gentle, rough);
  stop.abort();
  t.match(await run, { reason: 'stopped', terminated: 2 });
  t.equal(bench.read('saved'), 'yes\n');
  t.match(await bench.statuses(id), { gentle: 'terminated', rough: 'terminated' });
  t.match(await bench.results(id, 'gentle'), [{ return_code: 0, status: 'terminated' }]);
  t.match(await bench.results(id, 'rough'), [{ return_code: -9, status: 'terminated' }]);
});

t.test('A second signal does not wait for jobs that take their time', async (t) => {
  const bench = await Workbench.open(t);
  const begun = bench.path('begun');
  const command = `trap '' TERM; touch ${begun}; while :; do sleep 0.05; done`;
  const id = await bench.create({ jobs: [job('stubborn', command, { supports_termination: true })] });
  const [stop, kill] = [new AbortController(), new AbortController()];
  const run = bench.run(id, {}, { stop: stop.signal, kill: kill.signal });
  await allThere(begun);
  stop.abort();
  await sleep(300);
  kill.abort();
  t.match(await run, { terminated: 1 });
  t.match(await bench.results(id, 'stubborn'), [{ return_code: -9 }]);
});

t.test('When its time is up, a runner ends its jobs; with little time left it claims none', async (t) => {
  const bench = await Workbench.open(t);
  const spec = { compute_node_expiration_buffer_seconds: 1, jobs: [job('long', 'sleep 100')] };
  const id = await bench.create(spec);
  const endTime = Date.now() / 1000 + 2;
  const summary = await bench.run(id, { endTime, maxParallelJobs: undefined });
  t.match(summary, { reason: 'expired', completed: 0 });
  t.ok(summary.seconds < 60, 'it does not wait for the job');
});

t.test('A workflow that is canceled ends its runners', async (t) => {
  const bench = await Workbench.open(t);
  const beats = bench.path('beats');
  const command = `while :; do echo . >> ${beats}; sleep 0.05; done`;
  const id = await bench.create({
    jobs: [job('long', command), job('next', 'true', { depends_on: ['long'] })],
  });
  const run = bench.run(id);
  await allThere(beats);
  await bench.client.workflows.cancel({ id });
  t.match(await run, { reason: 'canceled', canceled: 1 });
  t.match(await bench.statuses(id), { long: 'canceled' });
  const left = bench.read('beats');
  await sleep(500);
  t.equal(bench.read('beats'), left, 'its processes are gone');
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

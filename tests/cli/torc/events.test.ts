import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { runningServer } from '../../client/running-server.js';
import { waitFor } from '../../wait-for.js';
import { TORC, torc, torcEnv, torcJson } from './torc.js';

// Every command is a process, and the machine may be busy.
t.setTimeout(120_000);

t.test('events from their creation to their end', async (t) => {
  const { client, url } = await runningServer(t);
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  t.same(await torcJson(url, ['events', 'get-latest-event', '1']), null);
  const note = { category: 'note', text: 'new inputs' };
  const created = await torcJson(url, ['events', 'create', '1', '-d', JSON.stringify(note)]);
  t.match(created, {
    id: 1,
    workflow_id: 1,
    data: note,
    timestamp_formatted: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/,
  });
  const { timestamp } = created as { timestamp: number };
  t.ok(timestamp > Date.parse('2020-01-01'), 'milliseconds, by the server');
  await client.events.create({ body: { workflow_id: 1, timestamp: 0, data: { category: 'other' } } });
  t.match(await torcJson(url, ['events', 'list', '1', '--category', 'note']), { events: [{ id: 1 }] });
  const newest = await torcJson(url, ['events', 'list', '1', '-s', 'timestamp', '-r', '-l', '1']);
  t.match(newest, { events: [{ id: 2 }] });
  t.match(await torcJson(url, ['events', 'get-latest-event', '1']), { id: 2 });
  t.match(await torcJson(url, ['events', 'delete', '1']), { id: 1 });
  const wrong = await torc(url, ['events', 'create', '1', '-d', 'text']);
  t.match(wrong, { code: 2, stderr: /--data is no JSON/ });
});

t.test('events as they happen', async (t) => {
  const { client, url } = await runningServer(t);
  await client.workflows.create({ body: { name: 'w', user: 'alice' } });
  await client.jobs.create({ body: { workflow_id: 1, name: 'a', command: 'true' } });
  const filename = `${t.testdir({})}/events.jsonl`;
  const words = ['events', 'monitor', '1', '--filename', filename];
  const monitor = spawn(process.execPath, [TORC, ...words], { env: torcEnv(url) });
  t.teardown(() => monitor.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  monitor.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  monitor.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const node = {
    workflow_id: 1,
    hostname: 'n1',
    pid: 7,
    start_time: '2026-11-21T10:00:00.000Z',
    num_nodes: 1,
  };
  const has = { num_cpus: 4, memory_gb: 8, num_gpus: 0, compute_node_type: 'local' };
  // What happens before the monitor listens is not seen, so it happens again and again.
  await waitFor('an event to be shown', 100, async () => {
    await client.computeNodes.create({ body: { ...node, ...has } });
    return stdout.includes('\n') || undefined;
  });
  monitor.kill('SIGINT');
  const [code] = (await once(monitor, 'close')) as [number | null];
  t.equal(code, 0, 'Ctrl-C is how it ends');
  t.match(stderr, /^events of workflow 1; Ctrl-C ends this, not the workflow\n/);
  t.match(stdout.split('\n')[0], /^\d{4}-.* \[info\] compute_node_started \{.*"hostname":"n1"/);
  const [line = ''] = readFileSync(filename, 'utf8').split('\n');
  t.match(JSON.parse(line), { workflow_id: 1, event_type: 'compute_node_started', severity: 'info' });
  const short = await torc(url, ['events', 'monitor', '1', '-d', '0.001']);
  t.equal(short.code, 0, 'it ends by itself after --duration');
  const missing = await torc(url, ['events', 'monitor', '9']);
  t.match(missing, { code: 1, stderr: /Workflow not found with ID: 9/ });
});

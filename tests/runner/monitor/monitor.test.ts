import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { t } from 'tap';
import { groupByLeader, JobTrees } from '../../../lib/runner/monitor/job-trees.js';
import { ResourceMonitor } from '../../../lib/runner/monitor/monitor.js';
import { type ProcessRow, parseStat } from '../../../lib/runner/monitor/process-table.js';
import { UsageMeter } from '../../../lib/runner/monitor/usage.js';
import { readMetrics } from '../../../lib/store/metrics/database.js';
import { waitFor } from '../../wait-for.js';
import { job, Workbench } from '../workbench.js';

const skip = existsSync('/proc/self/stat') ? false : 'there is no /proc';

t.test('A line of /proc', async (t) => {
  const line =
    '4242 (a (b) c) S 17 4242 4240 0 -1 4194304 1 2 3 4 150 50 25 75 20 0 1 0 99 1000 256 18446744073709551615';
  t.same(parseStat(line, 4096), {
    pid: 4242,
    parent: 17,
    session: 4240,
    cpuSeconds: 3,
    memoryBytes: 2 ** 20,
  });
  t.equal(parseStat(line.replace(' S ', ' Z '), 4096), null);
});

t.test('Processes belong to the leader of their session, or to an ancestor', async (t) => {
  const row = (pid: number, parent: number, session: number): ProcessRow => ({
    ...{ pid, parent, session, cpuSeconds: 0, memoryBytes: 0 },
  });
  const rows = [
    row(1, 0, 1),
    row(10, 1, 10),
    row(11, 10, 10),
    row(12, 11, 12),
    row(13, 1, 10),
    row(20, 1, 20),
    row(30, 31, 9),
    row(31, 30, 9),
  ];
  const trees = groupByLeader(new Map(rows.map((one) => [one.pid, one])), new Set([10, 20, 99]));
  t.same(
    [...trees].map(([pid, tree]) => [pid, tree.map((one) => one.pid)]),
    [
      [10, [10, 11, 12, 13]],
      [20, [20]],
    ],
  );
});

t.test('Peaks and averages', async (t) => {
  const meter = new UsageMeter(100);
  t.same(meter.usage, { peakMemoryBytes: 0, averageMemoryBytes: 0, peakCpuPercent: 0, averageCpuPercent: 0 });
  t.same(meter.take(102, 1, 1000, 1), { cpuPercent: 50, memoryBytes: 1000, processes: 1 });
  t.same(meter.take(103, 4, 3000, 3), { cpuPercent: 300, memoryBytes: 3000, processes: 3 });
  t.equal(meter.take(104, 2, 2000, 2).cpuPercent, 0, 'processes that went took their time along');
  t.same(meter.usage, {
    ...{ peakMemoryBytes: 3000, averageMemoryBytes: 2000, peakCpuPercent: 300 },
    averageCpuPercent: 350 / 3,
  });
});

t.test('Real processes, and one that begins while nobody has said so yet', { skip }, async (t) => {
  const child = spawn('bash', ['-c', 'sleep 60 & sleep 60 & wait'], { detached: true, stdio: 'ignore' });
  const pid = child.pid ?? 0;
  t.teardown(() => process.kill(-pid, 'SIGKILL'));
  const processes = () => new JobTrees().look(new Set([pid])).get(pid)?.length;
  await waitFor('all three processes', 60, () => processes() === 3 || undefined);
  const trees = new JobTrees();
  t.equal(trees.look(new Set()).size, 0);
  t.equal(trees.look(new Set([pid])).get(pid)?.length, 3);
  const monitor = new ResourceMonitor(60, null, (error) => t.fail(error.message));
  monitor.watch(7, 'seven', pid);
  monitor.sample();
  const usage = monitor.release(7);
  t.ok((usage?.peakMemoryBytes ?? 0) > 2 ** 20);
  t.equal(monitor.release(7), null);
});

t.test('A workflow with a monitor: results have peaks, the database has samples', { skip }, async (t) => {
  const bench = await Workbench.open(t);
  const enough = bench.path('enough');
  const id = await bench.create({
    jobs: [job('busy', `bash -c "until test -e ${enough}; do :; done"; exit 0`), job('short', 'true')],
    resource_monitor: { enabled: true, granularity: 'time_series', sample_interval_seconds: 1 },
  });
  const path = bench.path(`output/resource_utilization/resource_metrics_${hostname()}_${id}_1.db`);
  const samplesOfBusy = () =>
    existsSync(path) ? readMetrics(path).find(({ jobName }) => jobName === 'busy')?.samples : undefined;
  const run = bench.run(id);
  await waitFor('samples', 60, () =>
    (samplesOfBusy() ?? []).filter(({ processes }) => processes >= 2).length >= 2 ? true : undefined,
  );
  writeFileSync(enough, '');
  t.match(await run, { completed: 2 });
  const [busy] = await bench.results(id, 'busy');
  t.ok((busy?.peak_memory_bytes ?? 0) > 2 ** 20);
  t.ok((busy?.peak_cpu_percent ?? 0) > 0);
  t.ok((busy?.avg_memory_bytes ?? 0) <= (busy?.peak_memory_bytes ?? 0));
  const [short] = await bench.results(id, 'short');
  t.type(short?.peak_memory_bytes, 'number', 'it may have been gone before the first look');
});

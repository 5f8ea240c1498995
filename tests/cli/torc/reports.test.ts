import { readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import t from 'tap';
import { job, Workbench } from '../../runner/workbench.js';
import { torc, torcJson } from './torc.js';

// Every command is a process, and the machine may be busy.
t.setTimeout(120_000);

t.test('reports of a workflow that was run, and plots of what was measured', async (t) => {
  const bench = await Workbench.open(t);
  const small = { name: 'small', num_cpus: 1, memory: '1k', runtime: 'PT1M' };
  const { id } = await bench.runNew({
    jobs: [
      job('hungry', 'sleep 2.2', { resource_requirements: 'small' }),
      job('bad', 'exit 137', { resource_requirements: 'small' }),
    ],
    resource_requirements: [small],
    resource_monitor: { granularity: 'time_series', sample_interval_seconds: 1 },
  });
  const report = ['reports', 'check-resource-utilization', String(id), '--include-failed'];
  t.match(await torcJson(bench.url, report), {
    ...{ workflow_id: id, run_id: null, total_results: 2, over_utilization_count: 1 },
    violations: [{ job_name: 'hungry', resource_type: 'Memory', specified: '1.00 KB' }],
    ...{
      failed_jobs_count: 1,
      failed_jobs: [{ job_name: 'bad', likely_oom: true, oom_reason: 'sigkill_137' }],
    },
  });
  const { stdout } = await torc(bench.url, report);
  t.match(stdout, /^⚠ Found 1 resource over-utilization violations:\n/);
  t.match(stdout, /bad .* 137 .* out of memory \(sigkill_137\)/);

  const results = await torc(bench.url, [
    'reports',
    'results',
    String(id),
    '--job-id',
    '2',
    '-o',
    bench.outputDir,
  ]);
  t.match(JSON.parse(results.stdout), {
    ...{ workflow_id: id, total_results: 1 },
    results: [
      { job_name: 'bad', status: 'Failed', job_stderr: `${bench.outputDir}/job_stdio/job_wf1_j2_r1_a1.e` },
    ],
  });
  t.match(await torcJson(bench.url, ['reports', 'summary', String(id)]), {
    ...{ total_jobs: 2, jobs_by_status: { completed: 1, failed: 1 }, is_complete: true },
  });

  const database = bench.path(`output/resource_utilization/resource_metrics_${hostname()}_${id}_1.db`);
  const plots = bench.path('plots');
  t.match(await torc('', ['plot-resources', database, '-o', plots]), { code: 0 });
  t.match(await torc('', ['plot-resources', database, '-o', plots, '-f', 'json', '-p', 'mine']), { code: 0 });
  t.same(readdirSync(plots).sort(), [
    ...['mine_job_1.json', 'mine_summary.json', 'resource_plot_job_1.html', 'resource_plot_summary.html'],
  ]);
});

t.test('a workflow without results', async (t) => {
  const bench = await Workbench.open(t);
  const id = await bench.create({ jobs: [job('one', 'true')] });
  const { code, stdout } = await torc(bench.url, ['reports', 'check-resource-utilization', String(id)]);
  t.equal(code, 0);
  t.equal(stdout, `No completed job results found for workflow ${id}\n`);
});

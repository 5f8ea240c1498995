import { t } from 'tap';
import { resourceUtilization } from '../../../lib/report/workflow/resource-utilization.js';
import type { ResultModel } from '../../../lib/wire/results.js';

const GIB = 2 ** 30;

/** Three jobs that may have 8 GiB, 8 processors and 2 hours each. */
function rows(...results: Partial<ResultModel>[]) {
  return {
    ...{ workflowId: 123, runId: null },
    requirements: [
      {
        ...{ id: 5, workflow_id: 123, name: 'large', num_cpus: 8, num_gpus: 0, num_nodes: 1 },
        ...{ memory: '8g', runtime: 'PT2H' },
      },
    ],
    jobs: results.map((_, place) => ({
      ...{
        id: place + 1,
        workflow_id: 123,
        name: `job${place + 1}`,
        command: 'x',
        resource_requirements_id: 5,
      },
    })),
    results: results.map((result, place) => ({
      ...{ job_id: place + 1, workflow_id: 123, run_id: 1, compute_node_id: 1, return_code: 0 },
      ...{ exec_time_minutes: 1, completion_time: '2026-11-21T10:00:00.000Z', status: 'completed' as const },
      ...result,
    })),
  };
}

t.test('What exceeded its requirements, as the documentation shows it', async (t) => {
  const report = resourceUtilization(
    rows(
      { peak_memory_bytes: 10.5 * GIB, exec_time_minutes: 165, peak_cpu_percent: 100 },
      { peak_cpu_percent: 950.5 },
      { peak_memory_bytes: GIB, peak_cpu_percent: 50 },
    ),
  );
  t.same(report, {
    ...{ workflow_id: 123, run_id: null, total_results: 3, over_utilization_count: 3 },
    violations: [
      {
        ...{ job_id: 1, job_name: 'job1', resource_type: 'Memory' },
        ...{ specified: '8.00 GB', peak_used: '10.50 GB', over_utilization: '+31.3%' },
      },
      {
        ...{ job_id: 1, job_name: 'job1', resource_type: 'Runtime' },
        ...{ specified: '2h 0m 0s', peak_used: '2h 45m 0s', over_utilization: '+37.5%' },
      },
      {
        ...{ job_id: 2, job_name: 'job2', resource_type: 'CPU' },
        ...{ specified: '800%', peak_used: '950.5%', over_utilization: '+18.8%' },
      },
    ],
  });
});

t.test('All jobs: what was within its limits as well, but nothing that was not measured', async (t) => {
  const report = resourceUtilization(rows({ peak_memory_bytes: 4 * GIB, exec_time_minutes: 60 }, {}), {
    all: true,
  });
  t.equal(report.over_utilization_count, 0);
  t.same(
    report.violations.map(({ job_id, resource_type, over_utilization }) => [
      job_id,
      resource_type,
      over_utilization,
    ]),
    [
      [1, 'Memory', '-50.0%'],
      [1, 'Runtime', '-50.0%'],
      [2, 'Runtime', '-99.2%'],
    ],
  );
});

t.test('Why failed jobs probably failed', async (t) => {
  const cases = [
    [
      { return_code: 1, peak_memory_bytes: 9 * GIB },
      { likely_oom: true, oom_reason: 'memory_exceeded', likely_timeout: false },
    ],
    [{ return_code: 137 }, { likely_oom: true, oom_reason: 'sigkill_137', likely_timeout: false }],
    [
      { return_code: 137, exec_time_minutes: 100 },
      { likely_oom: false, likely_timeout: false },
    ],
    [
      { return_code: -15, exec_time_minutes: 119 },
      { likely_oom: false, likely_timeout: true, runtime_utilization: '99.2%' },
    ],
    [{ return_code: 152 }, { likely_oom: false, likely_timeout: true, timeout_reason: 'sigxcpu_152' }],
    [{ return_code: 2 }, { likely_oom: false, likely_timeout: false }],
  ] as const;
  const report = resourceUtilization(rows({}, ...cases.map(([result]) => result)), { includeFailed: true });
  t.equal(report.failed_jobs_count, cases.length);
  for (const [place, [, expected]] of cases.entries()) t.match(report.failed_jobs?.[place], expected);
});

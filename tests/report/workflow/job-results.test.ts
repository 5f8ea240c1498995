import { t } from 'tap';
import { jobResults, statusText } from '../../../lib/report/workflow/job-results.js';
import { workflowSummary } from '../../../lib/report/workflow/workflow-summary.js';

const workflow = { id: 3, name: 'pipeline', user: 'ann' };
const jobs = [{ id: 7, workflow_id: 3, name: 'prepare', command: 'true', status: 'completed' as const }];
const node = {
  ...{
    workflow_id: 3,
    start_time: '2026-11-21T10:00:00Z',
    num_cpus: 1,
    memory_gb: 1,
    num_gpus: 0,
    num_nodes: 1,
  },
};
const nodes = [
  { ...node, id: 1, hostname: 'host', pid: 9, compute_node_type: 'local', is_active: true },
  { ...node, id: 2, hostname: 'n1', pid: 9, compute_node_type: 'slurm', scheduler: { slurm_job_id: 55 } },
];
const result = {
  ...{
    job_id: 7,
    workflow_id: 3,
    run_id: 2,
    return_code: 0,
    exec_time_minutes: 1.5,
    status: 'completed' as const,
  },
  ...{ completion_time: '2026-11-21T10:03:00.000Z', attempt_id: 2, compute_node_id: 1 },
};

t.test('Results with the files of jobs and runners', async (t) => {
  const results = [result, { ...result, compute_node_id: 2 }, { ...result, compute_node_id: 99 }];
  const report = jobResults({ workflow, results, jobs, nodes, outputDir: 'out', allRuns: false });
  t.match(report, {
    workflow_id: 3,
    workflow_name: 'pipeline',
    workflow_user: 'ann',
    all_runs: false,
    total_results: 3,
  });
  const [local, slurm, gone] = report.results;
  t.match(local, {
    ...{ job_name: 'prepare', status: 'Completed', compute_node_type: 'local' },
    ...{ job_stdout: 'out/job_stdio/job_wf3_j7_r2_a2.o', job_stderr: 'out/job_stdio/job_wf3_j7_r2_a2.e' },
    job_runner_log: 'out/job_runner_host_wf3_r2.log',
  });
  t.match(slurm, { slurm_job_id: '55', slurm_stdout: 'out/slurm_output_wf3_sl55.o' });
  t.notOk('compute_node_type' in (gone ?? {}));
  t.equal(statusText('pending_failed'), 'PendingFailed');
});

t.test('A workflow at one glance', async (t) => {
  const rows = {
    workflow,
    jobs,
    results: [result],
    nodes,
    scheduledNodes: [],
    isComplete: true,
    isCanceled: false,
  };
  t.match(workflowSummary(rows), {
    ...{ total_jobs: 1, jobs_by_status: { completed: 1, ready: 0 }, total_exec_time_formatted: '1m 30s' },
    ...{ active_compute_nodes: 1, walltime_seconds: 180, walltime_formatted: '3m 0s', is_complete: true },
  });
  const { walltime_seconds } = workflowSummary({ ...rows, results: [] });
  t.equal(walltime_seconds, undefined);
});

import type { WorkflowModel } from './model.js';
import type { Problems } from './problems.js';
import type { SlurmSchedulerSpec, WorkflowSpec } from './spec.js';

/**
 * An allocation of several nodes with one runner is for jobs that use them all: some job of the scheduler must ask for
 * as many nodes as it has.
 */
export function checkMultiNode(model: WorkflowModel, problems: Problems): void {
  const requirements = new Map(model.resourceRequirements.map((one) => [one.name, one]));
  for (const [place, action] of model.actions.entries()) {
    if (action.action_type !== 'schedule_nodes' || action.scheduler_type !== 'slurm') continue;
    const scheduler = model.slurmSchedulers.find(({ name }) => name === action.scheduler);
    const nodes = scheduler?.nodes ?? 1;
    if (scheduler === undefined || nodes === 1 || action.start_one_worker_per_node === true) continue;
    const jobs = model.jobs.filter((job) => job.scheduler === scheduler.name);
    const nodesOf = (name: string | null) => requirements.get(name ?? '')?.num_nodes ?? 1;
    if (jobs.length === 0 || jobs.some((job) => nodesOf(job.resourceRequirements) === nodes)) continue;
    problems.add(
      ['actions', place],
      `Scheduler node validation failed: scheduler '${scheduler.name}' allocates ${nodes} nodes, but no job that names ` +
        `it has num_nodes: ${nodes}; set start_one_worker_per_node, or num_nodes of the jobs' requirements`,
    );
  }
}

/** What allocations may differ in such that it matters which job gets which. */
const PROFILE: readonly [keyof SlurmSchedulerSpec, string][] = [
  ['gres', 'GPUs (gres)'],
  ['mem', 'memory (mem)'],
  ['walltime', 'walltime'],
  ['partition', 'partition'],
];

/** Warns of schedulers that differ while nothing says which jobs they are for. */
export function checkHeterogeneous(model: WorkflowModel, problems: Problems): void {
  const { slurmSchedulers: schedulers, settings } = model;
  const differing = PROFILE.filter(([key]) => new Set(schedulers.map((one) => one[key])).size > 1);
  const free = model.jobs.filter(({ scheduler }) => scheduler === null).length;
  if (differing.length === 0 || free === 0 || settings.jobs_sort_method !== undefined) return;
  problems.warn(
    `Workflow has ${schedulers.length} schedulers with different ${differing.map(([, said]) => said).join(', ')} ` +
      `but ${free} job(s) have no explicit scheduler assignment and jobs_sort_method is not set. The default sort ` +
      "method 'gpus_runtime_memory' will be used (jobs sorted by GPUs, then runtime, then memory). If this doesn't " +
      "match your workload, consider setting jobs_sort_method explicitly to 'gpus_memory_runtime' (prioritize memory " +
      "over runtime) or 'none' (no sorting).",
  );
}

/** Options that each scheduler has a field of its own for, or that are set when it is submitted. */
const MANAGED = ['partition', 'nodes', 'walltime', 'time', 'mem', 'gres', 'name', 'job-name'];

export function checkSlurmDefaults(
  { slurm_defaults: defaults = {} }: WorkflowSpec,
  problems: Problems,
): void {
  const managed = Object.keys(defaults).filter((key) => MANAGED.includes(key.toLowerCase()));
  if (managed.length > 0) {
    problems.add(
      ['slurm_defaults', managed[0] ?? ''],
      `slurm_defaults contains excluded parameters managed by torc: ${managed.sort().join(', ')}; ` +
        'write them in slurm_schedulers',
    );
  }
  for (const [key, value] of Object.entries(defaults)) {
    if (['string', 'number', 'boolean'].includes(typeof value)) continue;
    problems.warn(`slurm_defaults: ${key} is neither a text, a number nor a boolean, and has no effect`);
  }
}

import type {
  JobSpec,
  JobsSortMethod,
  ResourceRequirementsSpec,
  SlurmSchedulerSpec,
  WorkflowSpec,
} from './spec.js';
import type { SpecSource, WrittenSpec } from './spec-source.js';

/** A specification as the schema admits it: with older names of keys, and requirements written where a job names them. */
export type SpecFile = Omit<WorkflowSpec, 'jobs' | 'slurm_schedulers'> & {
  job_sort_method?: JobsSortMethod;
  jobs: JobInFile[];
  slurm_schedulers?: (SlurmSchedulerSpec & { num_nodes?: number })[];
};

type JobInFile = Omit<JobSpec, 'resource_requirements'> & {
  slurm_scheduler?: string;
  resource_requirements?: string | Omit<ResourceRequirementsSpec, 'name'>;
};

/**
 * Gives the present form to what older files have.
 *
 * @throws AfterokError when a key stands beside its older name
 */
export function inPresentForm(value: SpecFile, source: SpecSource): WrittenSpec {
  const { jobs, slurm_schedulers: schedulers, ...workflow } = value;
  const named = new InlineRequirements(value.resource_requirements ?? []);
  const spec: WorkflowSpec = {
    ...renamed(workflow, 'job_sort_method', 'jobs_sort_method', [], source),
    jobs: jobs.map((job, place) => {
      const { resource_requirements: requirements, ...present } = renamed(
        job,
        'slurm_scheduler',
        'scheduler',
        ['jobs', place],
        source,
      );
      return requirements === undefined
        ? present
        : { ...present, resource_requirements: named.nameOf(requirements) };
    }),
  };
  if (named.all.length > 0) spec.resource_requirements = named.all;
  if (schedulers !== undefined) {
    spec.slurm_schedulers = schedulers.map((scheduler, place) =>
      renamed(scheduler, 'num_nodes', 'nodes', ['slurm_schedulers', place], source),
    );
  }
  return { spec, source };
}

/** The value under its present name. */
function renamed<T extends object, Old extends keyof T & string, New extends keyof T & string>(
  value: T,
  older: Old,
  present: New,
  path: (string | number)[],
  source: SpecSource,
): Omit<T, Old> {
  const { [older]: field, ...rest } = value;
  if (field === undefined) return rest;
  if (value[present] === undefined) return { ...rest, [present]: field };
  throw source.error([...path, older], `is the older name of ${present}: write one of the two`);
}

/** Requirements that stand in a job get a record and a name of their own; equal ones share it. */
class InlineRequirements {
  readonly all: ResourceRequirementsSpec[];
  private readonly names = new Map<string, string>();

  constructor(written: readonly ResourceRequirementsSpec[]) {
    this.all = [...written];
  }

  nameOf(requirements: string | Omit<ResourceRequirementsSpec, 'name'>): string {
    if (typeof requirements === 'string') return requirements;
    const key = JSON.stringify(Object.entries(requirements).sort());
    const known = this.names.get(key);
    if (known !== undefined) return known;
    const name = this.freeName();
    this.names.set(key, name);
    this.all.push({ name, ...requirements });
    return name;
  }

  private freeName(): string {
    let number = this.names.size + 1;
    while (this.all.some(({ name }) => name === `inline_${number}`)) number += 1;
    return `inline_${number}`;
  }
}

import { parseTimeLimit } from '../slurm/duration.js';
import { parseIsoDuration } from '../wire/iso-duration.js';
import { parseMemorySize } from '../wire/memory-size.js';
import type { WorkflowModel } from './model.js';
import type { Problems } from './problems.js';

/** Memory, run times and walltimes that cannot be read would be refused when the workflow is created, or by Slurm. */
export function checkAmounts(model: WorkflowModel, problems: Problems): void {
  for (const [place, { memory, runtime }] of model.resourceRequirements.entries()) {
    const path = ['resource_requirements', place];
    problems.parsed([...path, 'memory'], '', () => parseMemorySize(memory));
    problems.parsed([...path, 'runtime'], '', () => parseIsoDuration(runtime));
  }
  for (const [place, { walltime }] of model.slurmSchedulers.entries()) {
    if (walltime === undefined) continue;
    problems.parsed(['slurm_schedulers', place, 'walltime'], '', () => parseTimeLimit(walltime));
  }
}

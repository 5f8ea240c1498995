import type { ValidationResult } from '../../../workflow/validate.js';

/** What `workflows create --dry-run` tells a person. */
export function renderValidation({ valid, errors, warnings, summary }: ValidationResult): string {
  const { job_count: jobs, job_count_before_expansion: jobSpecs } = summary;
  const { file_count: files, file_count_before_expansion: fileSpecs } = summary;
  const lines = [
    'Workflow Validation Results',
    '===========================',
    '',
    `Workflow: ${summary.workflow_name}`,
    ...(summary.workflow_description === null ? [] : [`Description: ${summary.workflow_description}`]),
    '',
    'Components to be created:',
    `  Jobs: ${counted(jobs, jobSpecs, 'job')}`,
    `  Files: ${counted(files, fileSpecs, 'file')}`,
    `  User data records: ${summary.user_data_count}`,
    `  Resource requirements: ${summary.resource_requirements_count}`,
    `  Slurm schedulers: ${summary.slurm_scheduler_count}`,
    `  Workflow actions: ${summary.action_count}`,
    '',
    summary.has_schedule_nodes_action
      ? 'Submission: Ready for scheduler submission (has on_workflow_start schedule_nodes action)'
      : 'Submission: No scheduler action; run it with torc run, or add Slurm schedulers with torc slurm generate',
    ...listed('Errors', errors),
    ...listed('Warnings', warnings),
    '',
    `Validation: ${valid ? 'PASSED' : 'FAILED'}`,
    '',
  ];
  return lines.join('\n');
}

function counted(count: number, before: number, noun: string): string {
  return count === before ? String(count) : `${count} (expanded from ${before} parameterized ${noun} specs)`;
}

function listed(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', `${title} (${items.length}):`, ...items.map((item) => `  - ${item}`)];
}

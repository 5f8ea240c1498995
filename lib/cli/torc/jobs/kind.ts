import type { JobModel } from '../../../wire/jobs.js';
import type { RecordKind } from '../record-command.js';

export const JOB: RecordKind<JobModel> = {
  noun: 'job',
  group: 'jobs',
  columns: [
    ['ID', (job) => job.id],
    ['Name', (job) => job.name],
    ['Status', (job) => job.status],
    ['Command', (job) => inOneLine(job.command)],
  ],
  more: [
    // The whole of it in place of the column's.
    ['Command', (job) => job.command],
    ['Workflow ID', (job) => job.workflow_id],
    ['Invocation Script', (job) => job.invocation_script],
    ['Cancel On Blocking Job Failure', (job) => job.cancel_on_blocking_job_failure],
    ['Supports Termination', (job) => job.supports_termination],
    ['Depends On Job IDs', (job) => job.depends_on_job_ids?.join(', ')],
    ['Input File IDs', (job) => job.input_file_ids?.join(', ')],
    ['Output File IDs', (job) => job.output_file_ids?.join(', ')],
    ['Input User Data IDs', (job) => job.input_user_data_ids?.join(', ')],
    ['Output User Data IDs', (job) => job.output_user_data_ids?.join(', ')],
    ['Resource Requirements ID', (job) => job.resource_requirements_id],
    ['Scheduler ID', (job) => job.scheduler_id],
    ['Failure Handler ID', (job) => job.failure_handler_id],
    ['Attempt', (job) => job.attempt_id],
  ],
};

/** Characters of a command in a table. */
const MOST_SHOWN = 60;

/** The beginning of a command, where there is room for one line only. */
function inOneLine(command: string): string {
  const lines = command.trim().split(/\s*\n\s*/);
  const text = lines.join('; ');
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN - 1)}…` : text;
}

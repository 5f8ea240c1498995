import { relationshipCommand } from './relationship-command.js';

export const jobJob = relationshipCommand({
  name: 'job-job',
  summary: 'List which job waits for which',
  list: (client, request) => client.workflows.jobDependencies(request),
  columns: [
    ['Job ID', (edge) => edge.job_id],
    ['Job Name', (edge) => edge.job_name],
    ['Depends On Job ID', (edge) => edge.depends_on_job_id],
    ['Depends On Job Name', (edge) => edge.depends_on_job_name],
  ],
});

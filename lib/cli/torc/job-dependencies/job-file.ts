import { relationshipCommand } from './relationship-command.js';

export const jobFile = relationshipCommand({
  name: 'job-file',
  summary: 'List which jobs write and read which file',
  list: (client, request) => client.workflows.jobFileRelationships(request),
  columns: [
    ['File ID', (edge) => edge.file_id],
    ['File Name', (edge) => edge.file_name],
    ['File Path', (edge) => edge.file_path],
    ['Producer Job', (edge) => edge.producer_job_name],
    ['Consumer Job', (edge) => edge.consumer_job_name],
  ],
});

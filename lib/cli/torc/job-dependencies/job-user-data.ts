import { relationshipCommand } from './relationship-command.js';

export const jobUserData = relationshipCommand({
  name: 'job-user-data',
  summary: 'List which jobs write and read which user data',
  list: (client, request) => client.workflows.jobUserDataRelationships(request),
  columns: [
    ['User Data ID', (edge) => edge.user_data_id],
    ['User Data Name', (edge) => edge.user_data_name],
    ['Producer Job', (edge) => edge.producer_job_name],
    ['Consumer Job', (edge) => edge.consumer_job_name],
  ],
});

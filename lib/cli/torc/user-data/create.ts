import { flag, integer, required, text } from '../../tree/option.js';
import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { parseData, USER_DATA_ENTRY } from './kind.js';

export const createUserData = command({
  name: 'create',
  summary: 'Create user data, with or without their content',
  positionals: WORKFLOW_ID,
  options: {
    name: required(text('What jobs call it', { alias: 'n' })),
    data: text('The content', { alias: 'd', value: 'JSON' }),
    ephemeral: flag('Cleared whenever the workflow is initialised'),
    'consumer-job-id': integer('Input of this job', { value: 'JOB_ID' }),
    'producer-job-id': integer('Output of this job', { value: 'JOB_ID' }),
  },
  examples: [
    { text: 'Settings for jobs', command: `torc user-data create 1 -n config -d '{"threshold": 0.5}'` },
    { text: 'What job 7 will tell', command: 'torc user-data create 1 -n result --producer-job-id 7' },
  ],
  async run({ workflowId: given, name, data, ephemeral, consumerJobId, producerJobId }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const content = data === undefined ? undefined : parseData(data);
    const entry = await client.userData.create({
      consumer_job_id: consumerJobId,
      producer_job_id: producerJobId,
      body: { workflow_id, name, data: content, is_ephemeral: ephemeral },
    });
    session.show(entry, () => renderOne('Successfully created user data:', USER_DATA_ENTRY, entry));
  },
});

import { listAll } from '../../../client/all.js';
import { fallback, integer, text, truth } from '../../tree/option.js';
import { command } from '../command.js';
import { LIST_OPTIONS, pagingOf } from '../paging-options.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { USER_DATA_ENTRY } from './kind.js';

export const listUserData = command({
  name: 'list',
  summary: 'List the user data of a workflow',
  positionals: WORKFLOW_ID,
  options: {
    ...LIST_OPTIONS,
    limit: fallback(integer('How many at most', { alias: 'l' }), 50),
    offset: fallback(integer('How many of the first to leave out', { alias: 'o' }), 0),
    name: text('Only those with this in their names'),
    'is-ephemeral': truth('Only those that are, or are not, cleared by initialisation'),
    'consumer-job-id': integer('Only inputs of this job', { value: 'JOB_ID' }),
    'producer-job-id': integer('Only outputs of this job', { value: 'JOB_ID' }),
  },
  examples: [{ text: 'What job 7 reads', command: 'torc user-data list 1 --consumer-job-id 7' }],
  async run({ workflowId: given, name, isEphemeral, consumerJobId, producerJobId, ...values }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const entries = await listAll(client.userData.list, {
      ...{ workflow_id, name, is_ephemeral: isEphemeral },
      ...{ consumer_job_id: consumerJobId, producer_job_id: producerJobId },
      ...pagingOf(values),
    });
    session.showList('user_data', entries, {
      title: `User data for workflow ID ${workflow_id}`,
      empty: `No user data found for workflow ID: ${workflow_id}`,
      columns: USER_DATA_ENTRY.columns,
    });
  },
});

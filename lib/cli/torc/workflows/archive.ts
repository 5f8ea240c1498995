import { AfterokError } from '../../../errors.js';
import { required, truth } from '../../tree/option.js';
import { command } from '../command.js';
import { WORKFLOW_IDS, workflowIds } from './several-ids.js';

export const archiveWorkflows = command({
  name: 'archive',
  summary: 'Put workflows out of sight (true) or back (false)',
  positionals: { 'is-archived': required(truth('true to archive, false to take back')), ...WORKFLOW_IDS },
  examples: [
    { text: 'Three at once', command: 'torc workflows archive true 1 2 3' },
    { text: 'Back again', command: 'torc workflows archive false 2' },
  ],
  async run({ isArchived, workflowIds: given }, session) {
    const { workflows } = await session.client();
    const updated: number[] = [];
    const errors: string[] = [];
    for (const id of await workflowIds(session, given)) {
      try {
        const status = await workflows.getStatus({ id });
        await workflows.putStatus({ id, body: { ...status, is_archived: isArchived } });
        updated.push(id);
      } catch (error) {
        if (!(error instanceof AfterokError)) throw error;
        errors.push(`workflow ${id}: ${error.message}`);
      }
    }
    const result = {
      status: errors.length === 0 ? 'success' : 'partial_success',
      ...{ updated_workflows: updated, is_archived: isArchived },
      ...(errors.length === 0 ? {} : { errors }),
    };
    const verb = isArchived ? 'archived' : 'unarchived';
    session.show(result, () => updated.map((id) => `Successfully ${verb} workflow ${id}\n`).join(''));
    for (const error of errors) session.fail(error);
    return errors.length === 0 ? 0 : 1;
  },
});

import { AfterokError } from '../../../errors.js';
import type { WorkflowModel } from '../../../wire/workflows.js';
import { flag } from '../../tree/option.js';
import { command } from '../command.js';
import type { Session } from '../session.js';
import { WORKFLOW_IDS, workflowIds } from './several-ids.js';
import { workflowJson } from './view.js';

export const deleteWorkflows = command({
  name: 'delete',
  summary: 'Delete workflows with all that belongs to them',
  positionals: WORKFLOW_IDS,
  options: {
    'no-prompts': flag('Do not ask first'),
    force: flag('Even if they belong to somebody else'),
  },
  examples: [{ text: 'Two of them, without a question', command: 'torc workflows delete 1 2 --no-prompts' }],
  async run({ workflowIds: given, noPrompts, force }, session) {
    const client = await session.client();
    const ids = await workflowIds(session, given);
    const workflows = await Promise.all(ids.map((id) => client.workflows.get({ id })));
    if (!force) refuseForeign(session, workflows);
    const names = workflows.map(({ id, name }) => `${id} (${name})`).join(', ');
    const question = `Delete ${workflows.length === 1 ? 'workflow' : 'workflows'} ${names} for good?`;
    if (!noPrompts && !(await session.confirm(question, '--no-prompts'))) {
      session.note('nothing was deleted');
      return 0;
    }
    const deleted: WorkflowModel[] = [];
    for (const id of ids) deleted.push(await client.workflows.remove({ id }));
    session.show(deleted.map(workflowJson), () =>
      deleted.map(({ id, name }) => `Successfully deleted workflow ${id} (${name})\n`).join(''),
    );
    return 0;
  },
});

function refuseForeign(session: Session, workflows: readonly WorkflowModel[]): void {
  const foreign = workflows.find(({ user }) => user !== session.user);
  if (foreign === undefined) return;
  throw new AfterokError(
    'declined',
    `workflow ${foreign.id} belongs to ${foreign.user}, not to ${session.user}`,
    'delete it all the same with --force',
  );
}

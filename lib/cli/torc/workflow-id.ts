import { listAll } from '../../client/all.js';
import { AfterokError } from '../../errors.js';
import type { WorkflowModel } from '../../wire/workflows.js';
import { terminal } from '../terminal.js';
import { integer, usage } from '../tree/option.js';
import type { Session } from './session.js';
import { renderChoice } from './workflow-choice.js';

/** The workflow that a command is about; may be left out, see `workflowId`. */
export const WORKFLOW_ID = {
  'workflow-id': integer('The workflow; without it you choose from a list', {
    least: 1,
    value: 'WORKFLOW_ID',
  }),
};

/** How many workflows are offered: the newest. */
const MOST_OFFERED = 50;

/**
 * The id that was given, or else the one that the person chooses among their workflows that are not archived; the
 * only one is chosen by itself.
 *
 * @param user whose workflows are offered
 * @throws AfterokError when there is none, or nobody to ask
 */
export async function workflowId(
  session: Session,
  given: number | undefined,
  user: string = session.user,
): Promise<number> {
  if (given !== undefined) return given;
  const { list } = (await session.client()).workflows;
  const newest = { user, is_archived: false, limit: MOST_OFFERED, reverse_sort: true };
  const workflows = (await listAll(list, newest)).reverse();
  const [only] = workflows;
  if (only?.id === undefined) {
    throw new AfterokError(
      'declined',
      `${user} has no workflows to choose from`,
      'create one: torc workflows create SPEC_FILE',
    );
  }
  if (workflows.length === 1) {
    session.note(`workflow ${only.id} (${only.name})`);
    return only.id;
  }
  return await choose(workflows);
}

async function choose(workflows: readonly WorkflowModel[]): Promise<number> {
  if (!terminal.isThere) {
    throw usage(`WORKFLOW_ID is missing, and there are ${workflows.length} workflows`, 'torc workflows list');
  }
  // 0 columns are those of a terminal that does not know its size.
  process.stderr.write(renderChoice(workflows, process.stderr.columns || Infinity));
  if (workflows.length === MOST_OFFERED)
    process.stderr.write(`The newest ${MOST_OFFERED}; torc workflows list shows all.\n`);
  for (;;) {
    const answer = (await terminal.ask('Workflow ID: ')).trim();
    const found = workflows.find(({ id }) => String(id) === answer);
    if (found?.id !== undefined) return found.id;
    process.stderr.write(`${answer}: expected one of the ids above\n`);
  }
}

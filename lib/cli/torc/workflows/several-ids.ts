import { integer, repeated } from '../../tree/option.js';
import type { Session } from '../session.js';
import { workflowId } from '../workflow-id.js';

/** Workflows that a command is about; may be left out, see `workflowIds`. */
export const WORKFLOW_IDS = {
  'workflow-ids': repeated(
    integer('The workflows; without any you choose one from a list', { least: 1, value: 'WORKFLOW_ID' }),
  ),
};

/** The ids that were given, each once, or else the one that the person chooses. */
export async function workflowIds(session: Session, given: readonly number[]): Promise<number[]> {
  return given.length > 0 ? [...new Set(given)] : [await workflowId(session, undefined)];
}

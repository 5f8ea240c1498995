import { AfterokError } from '../../errors.js';
import { flag } from '../tree/option.js';
import { command } from './command.js';
import { SPEC_OR_ID } from './run.js';
import type { Session } from './session.js';
import { specOrId } from './spec-or-id.js';

/** An action, of a specification or of the server. */
interface Action {
  trigger_type: string;
  action_type: string;
}

export const submit = command({
  name: 'submit',
  summary: 'Hand a workflow to a scheduler, by its actions that ask for nodes at the start',
  positionals: SPEC_OR_ID,
  options: {
    'ignore-missing-data': flag('Go on although input files are missing', { alias: 'i' }),
    'skip-checks': flag('Leave out the check that schedulers of several nodes have jobs for them'),
  },
  examples: [{ text: 'Create and submit', command: 'torc submit workflow.yaml' }],
  async run({ workflowSpecOrId, skipChecks }, session) {
    const target = specOrId(workflowSpecOrId);
    if (target.kind === 'id') return await submitById(session, target.id);
    const { readModel } = await import('./spec-upload.js');
    submitActions(target.file, readModel(target.file, { skipChecks }).actions);
  },
});

/** @throws AfterokError when it cannot be submitted */
export async function submitById(session: Session, id: number): Promise<void> {
  submitActions(String(id), await (await session.client()).actions.list({ id }));
}

function submitActions(name: string, actions: readonly Action[]): never {
  refuseUnschedulable(name, actions);
  throw new AfterokError(
    'declined',
    'this version does not ask Slurm for nodes yet',
    `torc run ${name} runs it on this machine`,
  );
}

/** @throws AfterokError when nothing would ask for nodes */
function refuseUnschedulable(name: string, actions: readonly Action[]): void {
  const schedules = actions.some(
    ({ trigger_type: trigger, action_type: type }) =>
      trigger === 'on_workflow_start' && type === 'schedule_nodes',
  );
  if (schedules) return;
  throw new AfterokError(
    'declined',
    `${name} has no on_workflow_start action that schedules nodes`,
    `torc run ${name} runs it on this machine; torc slurm generate adds such actions to a specification`,
  );
}

import type { Client } from '../../../client/client.js';
import type { Reinitialized } from '../../../client/reinitialize.js';
import { flag } from '../../tree/option.js';
import { command } from '../command.js';
import type { Session } from '../session.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { checkJson, renderCheck } from './check-view.js';
import { isComplete } from './initialize.js';

export const reinitializeWorkflow = command({
  name: 'reinitialize',
  summary:
    'Continue a workflow: what did not complete runs again, and what is complete if its inputs have changed',
  positionals: WORKFLOW_ID,
  options: {
    force: flag('Go on although input files are missing'),
    'dry-run': flag('Only tell what is missing and which jobs have changed'),
  },
  examples: [{ text: 'After an input has changed', command: 'torc workflows reinitialize 1' }],
  async run({ workflowId: given, force, dryRun }, session) {
    const client = await session.client();
    const id = await workflowId(session, given);
    if (dryRun) return await tellCheck(session, client, id);
    const { reinitialize } = await import('../../../client/reinitialize.js');
    const done = await reinitialize(client, id, { force });
    const message = `Successfully reinitialized workflow ${id}`;
    const json = {
      ...{ status: 'success', message, workflow_id: id },
      changed_files: done.changedFiles,
      jobs_without_output_files: done.missingOutputs,
      jobs_with_changed_inputs: done.changedInputs,
    };
    session.show(json, () => `${reasons(done)}${message}\n`);
    return 0;
  },
});

async function tellCheck(session: Session, client: Client, id: number): Promise<number> {
  const [{ checkInitialization }, { jobsWithChangedInputs }] = await Promise.all([
    import('../../../client/initialization-check.js'),
    import('../../../client/reinitialize.js'),
  ]);
  const [check, changed] = await Promise.all([
    checkInitialization(client, id),
    jobsWithChangedInputs(client, id),
  ]);
  // Outputs of what is complete are supposed to be there.
  const safe = isComplete(check);
  const json = { ...checkJson(check, safe), jobs_with_changed_inputs: changed };
  session.show(json, () => `${renderCheck(check, safe)}${listed('Jobs with changed inputs', changed)}`);
  return safe ? 0 : 1;
}

function reasons({ changedFiles, missingOutputs, changedInputs }: Reinitialized): string {
  return [
    listed('Changed files', changedFiles),
    listed('Completed jobs without their output files', missingOutputs),
    listed('Jobs with changed inputs', changedInputs),
  ].join('');
}

function listed(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${title}: ${items.join(', ')}\n`;
}

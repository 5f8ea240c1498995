import type { Client } from '../../../client/client.js';
import type { InitializationCheck } from '../../../client/initialization-check.js';
import { terminal } from '../../terminal.js';
import { flag } from '../../tree/option.js';
import { command } from '../command.js';
import type { Session } from '../session.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { checkJson, renderCheck } from './check-view.js';

const START_OPTIONS = {
  force: flag('Go on although input files are missing'),
  'no-prompts': flag('Do not ask first'),
  'dry-run': flag('Only tell what is missing and what exists already'),
};

export const initializeWorkflow = command({
  name: 'initialize',
  aliases: ['initialize-jobs', 'start'],
  summary: 'Begin a workflow from its beginning: all jobs are ready, or wait for others',
  positionals: WORKFLOW_ID,
  options: START_OPTIONS,
  examples: [
    { text: 'Workflow 1', command: 'torc workflows initialize 1' },
    { text: 'Is anything missing?', command: 'torc workflows initialize 1 --dry-run' },
  ],
  async run({ workflowId: given, force, noPrompts, dryRun }, session) {
    const client = await session.client();
    const id = await workflowId(session, given);
    if (dryRun) return await tellCheck(session, client, id);
    if (!noPrompts && !force && !(await agreed(client, id))) {
      session.note('nothing was changed');
      return 0;
    }
    const [{ initialize }, { someOf }] = await Promise.all([
      import('../../../client/initialize.js'),
      import('../../../client/initialization-check.js'),
    ]);
    const { existingOutputs } = await initialize(client, id, { force });
    if (existingOutputs.length > 0) session.warn(`output files exist already: ${someOf(existingOutputs)}`);
    const message = `Successfully initialized workflow ${id}`;
    session.show({ status: 'success', message, workflow_id: id }, () => `${message}\n`);
    return 0;
  },
});

async function tellCheck(session: Session, client: Client, id: number): Promise<number> {
  const { checkInitialization } = await import('../../../client/initialization-check.js');
  const check = await checkInitialization(client, id);
  const safe = isComplete(check) && check.existingOutputs.length === 0;
  session.show(checkJson(check, safe), () => renderCheck(check, safe));
  return safe ? 0 : 1;
}

/** Nothing is missing. */
export function isComplete({ missingInputs, missingUserData }: InitializationCheck): boolean {
  return missingInputs.length === 0 && missingUserData.length === 0;
}

/** A person at a terminal is asked when results would be begun anew; a script has decided. */
async function agreed(client: Client, id: number): Promise<boolean> {
  if (!terminal.isThere) return true;
  const { checkInitialization, someOf } = await import('../../../client/initialization-check.js');
  const [{ is_uninitialized: isFresh }, { existingOutputs }] = await Promise.all([
    client.workflows.isUninitialized({ id }),
    checkInitialization(client, id),
  ]);
  const reasons = [
    ...(isFresh ? [] : ['it has been initialized before']),
    ...(existingOutputs.length === 0 ? [] : [`output files exist: ${someOf(existingOutputs)}`]),
  ];
  if (reasons.length === 0) return true;
  return await terminal.confirms(`Begin workflow ${id} from its beginning? (${reasons.join('; ')})`);
}

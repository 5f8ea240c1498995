import { flag, path, required } from '../tree/option.js';
import { command } from './command.js';
import { RUN_OPTIONS, type RunValues, runOptions } from './run-options.js';
import type { Session } from './session.js';
import { specOrId } from './spec-or-id.js';

export const SPEC_OR_ID = {
  'workflow-spec-or-id': required(path('A specification, of which a workflow is created, or the id of one')),
};

export const run = command({
  name: 'run',
  summary: 'Run a workflow on this machine',
  description: [
    'Without a server at the default address, one is started for this command over ./torc.db,',
    'and again for later commands in the same folder.',
  ],
  positionals: SPEC_OR_ID,
  options: {
    ...RUN_OPTIONS,
    'skip-checks': flag('Leave out the check that schedulers of several nodes have jobs for them'),
  },
  examples: [
    { text: 'Create and run', command: 'torc run workflow.yaml' },
    { text: 'Run workflow 1, eight jobs at a time', command: 'torc run 1 --max-parallel-jobs 8' },
  ],
  async run({ workflowSpecOrId, skipChecks, ...values }, session) {
    const target = specOrId(workflowSpecOrId);
    if (target.kind === 'id') {
      await session.useOwnServerIfAlone();
      return await runWorkflowById(session, target.id, values);
    }
    // What is wrong with the file is told before a server is looked for.
    const { readModel, uploadModel } = await import('./spec-upload.js');
    const model = readModel(target.file, { skipChecks });
    await session.useOwnServerIfAlone();
    const id = await uploadModel(session, model, { monitorResources: true });
    session.say(`Created workflow ${id}`);
    return await runWorkflowById(session, id, values);
  },
});

/** Initialises a workflow that never was, and runs it. @returns the exit code */
export async function runWorkflowById(session: Session, id: number, values: RunValues): Promise<number> {
  const [client, { runLocally }] = await Promise.all([session.client(), import('./run-locally.js')]);
  const { is_uninitialized: isFresh } = await client.workflows.isUninitialized({ id });
  if (isFresh) {
    const [{ initialize }, { someOf }] = await Promise.all([
      import('../../client/initialize.js'),
      import('../../client/initialization-check.js'),
    ]);
    const { existingOutputs } = await initialize(client, id);
    if (existingOutputs.length > 0) session.warn(`output files exist already: ${someOf(existingOutputs)}`);
  }
  const { summary, signalCode } = await runLocally(session, id, runOptions(values, session.settings));
  if (signalCode !== null) return signalCode;
  const { failed, pendingFailed, terminated } = summary;
  return values.failOnJobFailure && failed + pendingFailed + terminated > 0 ? 1 : 0;
}

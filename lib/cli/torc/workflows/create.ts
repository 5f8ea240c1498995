import type { WorkflowModel } from '../../../workflow/model.js';
import { flag, path, required } from '../../tree/option.js';
import { command } from '../command.js';
import { OWNER_OPTION } from './owner-option.js';
import { renderValidation } from './validation-view.js';

export const createFromFile = command({
  name: 'create',
  summary: 'Create a workflow from a specification in YAML, JSON, JSON5 or KDL',
  positionals: { file: required(path('The specification')) },
  options: {
    'no-resource-monitoring': flag('Do not measure what jobs use, unless the specification says so'),
    'skip-checks': flag('Leave out the check that schedulers of several nodes have jobs for them'),
    'dry-run': flag('Tell what would be created, and all that is wrong, without a server'),
    ...OWNER_OPTION,
  },
  examples: [
    { text: 'Create it', command: 'torc workflows create workflow.yaml' },
    { text: 'Look at it first', command: 'torc workflows create --dry-run workflow.yaml' },
    {
      text: 'Its id, for a script',
      command: "torc -f json workflows create workflow.yaml | jq '.workflow_id'",
    },
  ],
  async run({ file, dryRun, skipChecks, noResourceMonitoring, user }, session) {
    if (dryRun) {
      const { validateSpec } = await import('../../../workflow/validate.js');
      const result = validateSpec(file);
      session.show(result, () => renderValidation(result));
      return result.valid ? 0 : 1;
    }
    const { readModel, uploadModel } = await import('../spec-upload.js');
    const model = readModel(file, { skipChecks });
    const id = await uploadModel(session, model, { monitorResources: !noResourceMonitoring }, user);
    const message = `Created workflow with ID: ${id}`;
    session.show({ workflow_id: id, id, status: 'success', message }, () => `${message}\n${contents(model)}`);
    return 0;
  },
});

/** What the workflow consists of, a line for each kind that there is. */
function contents({ jobs, files, userData, actions }: WorkflowModel): string {
  const counts = [
    [jobs.length, 'job', 'jobs'],
    [files.length, 'file', 'files'],
    [userData.length, 'user data entry', 'user data entries'],
    [actions.length, 'action', 'actions'],
  ] as const;
  const lines = counts.filter(([count]) => count > 0);
  return lines.map(([count, one, many]) => `- Created ${count} ${count === 1 ? one : many}\n`).join('');
}

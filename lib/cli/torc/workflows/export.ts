import { writeFileSync } from 'node:fs';
import { AfterokError } from '../../../errors.js';
import { flag, path } from '../../tree/option.js';
import { command } from '../command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';

export const exportToFile = command({
  name: 'export',
  summary: 'Write all of a workflow into one JSON file',
  positionals: WORKFLOW_ID,
  options: {
    output: path('Write here; standard output unless given', { alias: 'o' }),
    'include-results': flag('With the results of all runs'),
    'include-events': flag('With its events'),
  },
  examples: [{ text: 'Keep it', command: 'torc workflows export 1 -o workflow-1.json --include-results' }],
  async run({ workflowId: given, output, includeResults, includeEvents }, session) {
    const client = await session.client();
    const id = await workflowId(session, given);
    const { exportWorkflow } = await import('../../../client/workflow-export.js');
    const exported = await exportWorkflow(client, id, { includeResults, includeEvents });
    const text = `${JSON.stringify(exported, null, 2)}\n`;
    if (output === undefined) {
      process.stdout.write(text);
      return;
    }
    write(output, text);
    const summary = {
      ...{ success: true, workflow_id: id, workflow_name: exported.workflow.name, output_file: output },
      jobs: exported.jobs.length,
      files: exported.files.length,
      user_data: exported.user_data.length,
      results: exported.results?.length ?? 0,
      events: exported.events?.length ?? 0,
    };
    session.show(summary, () => `Exported workflow ${id} with ${exported.jobs.length} jobs to ${output}\n`);
  },
});

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new AfterokError('file-unusable', `cannot write ${file}: ${(error as Error).message}`, null, {
      cause: error,
    });
  }
}

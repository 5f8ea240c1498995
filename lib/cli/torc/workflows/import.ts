import { readFileSync } from 'node:fs';
import type { WorkflowExport as Exported } from '../../../client/workflow-export.js';
import { AfterokError } from '../../../errors.js';
import { flag, path, required, text } from '../../tree/option.js';
import { command } from '../command.js';

export const importFromFile = command({
  name: 'import',
  summary: 'Make a new workflow of an exported one',
  description: ['Jobs of the new workflow are uninitialized. Events are never imported.'],
  positionals: { file: required(path('What export has written; - for standard input')) },
  options: {
    name: text('Name of the new workflow; the old one unless given'),
    'skip-results': flag('Leave results out'),
    'skip-events': flag('Accepted for older scripts: events are never imported'),
  },
  examples: [{ text: 'A copy', command: 'torc workflows export 1 | torc workflows import - --name copy' }],
  async run({ file, name, skipResults }, session) {
    const exported = await readExport(file);
    const client = await session.client();
    const { importWorkflow } = await import('../../../client/workflow-import.js');
    const options = { name, user: session.user, includeResults: !skipResults };
    const id = await importWorkflow(client, exported, options);
    const summary = {
      ...{ success: true, workflow_id: id, workflow_name: name ?? exported.workflow.name },
      jobs: exported.jobs.length,
      files: exported.files.length,
      user_data: exported.user_data.length,
    };
    session.show(
      summary,
      () => `Imported workflow ${id} (${summary.workflow_name}) with ${summary.jobs} jobs\n`,
    );
  },
});

/** @throws AfterokError for what is no export */
async function readExport(file: string): Promise<Exported> {
  const value = parse(file);
  const { WorkflowExport } = await import('../../../client/workflow-export.js');
  const { Value } = await import('typebox/value');
  if (Value.Check(WorkflowExport, value)) return value;
  const [error] = Value.Errors(WorkflowExport, value);
  const place = error?.instancePath.slice(1).replaceAll('/', '.');
  throw new AfterokError(
    'file-unusable',
    `${file} is no export of a workflow: ${place ? `${place}: ` : ''}${error?.message ?? 'invalid'}`,
  );
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    throw new AfterokError('file-unusable', `cannot read ${file}: ${(error as Error).message}`, null, {
      cause: error,
    });
  }
}

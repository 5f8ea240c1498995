import type { FileModel } from '../../../wire/files.js';
import type { RecordKind } from '../record-command.js';

export const FILE: RecordKind<FileModel> = {
  noun: 'file',
  group: 'files',
  columns: [
    ['ID', (file) => file.id],
    ['Name', (file) => file.name],
    ['Path', (file) => file.path],
    ['Modified', (file) => modified(file)],
  ],
  more: [['Workflow ID', (file) => file.workflow_id]],
};

function modified({ st_mtime: seconds }: FileModel): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}

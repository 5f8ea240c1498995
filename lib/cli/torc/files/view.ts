import type { FileModel } from '../../../wire/files.js';
import { renderRecord, type TableColumn } from '../../table.js';

export const FILE_COLUMNS: readonly TableColumn<FileModel>[] = [
  ['ID', (file) => file.id],
  ['Name', (file) => file.name],
  ['Path', (file) => file.path],
  ['Modified', (file) => modified(file)],
];

export function renderFile(title: string, file: FileModel): string {
  return renderRecord(title, {
    ID: file.id,
    Name: file.name,
    Path: file.path,
    'Workflow ID': file.workflow_id,
    Modified: modified(file),
  });
}

function modified({ st_mtime: seconds }: FileModel): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString();
}

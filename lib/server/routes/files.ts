import { FILE, producedBy } from '../../store/workflows/files.js';
import { equals } from '../../store/workflows/table.js';
import type { Query } from '../../wire/endpoint.js';
import type { FILES, FileModel } from '../../wire/files.js';
import type { Handlers } from '../handlers.js';
import { collectionHandlers } from './collection.js';

const PLAIN = collectionHandlers<FileModel, Query<typeof FILES.list>>({
  table: FILE,
  noun: 'File',
  conditions: ({ name, path, produced_by_job_id: producer, is_output: isOutput }) => [
    equals('name', name),
    equals('path', path),
    producer !== undefined || isOutput === true ? producedBy(producer) : null,
  ],
  cleared: ['st_mtime'],
});

export const fileHandlers: Handlers<typeof FILES> = {
  ...PLAIN,
  removeAll: (request, context) => ({ deleted_count: PLAIN.removeAll(request, context).count }),
};

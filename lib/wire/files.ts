import { type Static, Type } from 'typebox';
import { collection } from './page.js';

export const FileModel = Type.Object({
  id: Type.Optional(Type.Integer()),
  workflow_id: Type.Integer(),
  name: Type.String(),
  /** Relative to the directory in which runners work. */
  path: Type.String(),
  /** Seconds since the epoch; absent while the file does not exist. */
  st_mtime: Type.Optional(Type.Number()),
});
export type FileModel = Static<typeof FileModel>;

export const FILES = collection({
  path: '/files',
  noun: 'file',
  model: FileModel,
  filters: {
    produced_by_job_id: Type.Optional(Type.Integer()),
    name: Type.Optional(Type.String()),
    path: Type.Optional(Type.String()),
    is_output: Type.Optional(Type.Boolean()),
  },
  deleted: Type.Object({ deleted_count: Type.Integer() }),
});

import { FILE, producedBy } from '../../store/workflows/files.js';
import { equals } from '../../store/workflows/table.js';
import type { FILES } from '../../wire/files.js';
import type { Handlers } from '../handlers.js';
import { existing, existingWorkflow, ordering } from './existing.js';

export const fileHandlers: Handlers<typeof FILES> = {
  create({ body }, context) {
    existingWorkflow(context, body.workflow_id);
    return FILE.insert(context.db, body);
  },
  list({ query }, context) {
    existingWorkflow(context, query.workflow_id);
    const { produced_by_job_id: producer, is_output: isOutput } = query;
    return FILE.list(context.db, {
      ...ordering(FILE, query),
      conditions: [
        equals('workflow_id', query.workflow_id),
        equals('name', query.name),
        equals('path', query.path),
        producer !== undefined || isOutput === true ? producedBy(producer) : null,
      ],
    });
  },
  get: ({ params }, context) => existing(context, FILE, 'File', params.id),
  update({ params, body }, context) {
    existing(context, FILE, 'File', params.id);
    const { name, path, st_mtime = null } = body;
    return FILE.update(context.db, params.id, { name, path, st_mtime });
  },
  remove({ params }, context) {
    const file = existing(context, FILE, 'File', params.id);
    FILE.remove(context.db, params.id);
    return file;
  },
  removeAll({ query }, context) {
    existingWorkflow(context, query.workflow_id);
    return { deleted_count: FILE.removeAll(context.db, query.workflow_id) };
  },
};

import { EVENT } from '../../store/workflows/events.js';
import { forgetRemovedJobs } from '../../store/workflows/remove-jobs.js';
import { RESOURCE_REQUIREMENT, requirementsOf } from '../../store/workflows/resource-requirements.js';
import { equals } from '../../store/workflows/table.js';
import type { Query } from '../../wire/endpoint.js';
import { parseIsoDuration } from '../../wire/iso-duration.js';
import { parseMemorySize } from '../../wire/memory-size.js';
import {
  DEFAULT_REQUIREMENTS,
  type RESOURCE_REQUIREMENTS,
  type ResourceRequirementsModel,
} from '../../wire/resource-requirements.js';
import { ApiError } from '../api-error.js';
import { readField } from '../client-mistake.js';
import type { Handlers } from '../handlers.js';
import { collectionHandlers } from './collection.js';
import { existing } from './existing.js';
import { publishCanceled } from './job-events.js';

const NOUN = 'Resource requirements';

const PLAIN = collectionHandlers<ResourceRequirementsModel, Query<typeof RESOURCE_REQUIREMENTS.list>>({
  table: RESOURCE_REQUIREMENT,
  noun: NOUN,
  conditions: ({ job_id, name, memory, num_cpus, num_gpus, num_nodes, runtime }) => [
    requirementsOf(job_id),
    equals('name', name),
    equals('memory_bytes', memory === undefined ? undefined : readField('memory', memory, parseMemorySize)),
    equals('num_cpus', num_cpus),
    equals('num_gpus', num_gpus),
    equals('num_nodes', num_nodes),
    equals('runtime_s', runtime),
  ],
  own: ({ memory, runtime }) => ({
    memory_bytes: readField('memory', memory, parseMemorySize),
    runtime_s: readField('runtime', runtime, parseIsoDuration),
  }),
});

export const resourceRequirementHandlers: Handlers<typeof RESOURCE_REQUIREMENTS> = {
  ...PLAIN,
  create(request, context) {
    refuseReserved(request.body.name);
    return PLAIN.create(request, context);
  },
  update(request, context) {
    const { params, body, user } = request;
    const before = existing(context, RESOURCE_REQUIREMENT, NOUN, params.id);
    if (body.name !== before.name) refuseReserved(body.name);
    return context.db.write(() => {
      const after = PLAIN.update(request, context);
      const { id, workflow_id, ...changed } = after;
      const what = { category: 'user_action', action: 'update_resource_requirements', user };
      const data = { ...what, workflow_id, resource_requirements_id: id, ...changed };
      EVENT.insert(context.db, { workflow_id, timestamp: context.now(), data });
      return after;
    });
  },
  remove(request, context) {
    const { db } = context;
    const { set, canceled } = db.write(() => {
      const removed = PLAIN.remove(request, context);
      return { set: removed, canceled: forgetRemovedJobs(db, removed.workflow_id) };
    });
    publishCanceled(context, canceled);
    return set;
  },
  removeAll: (request, context) =>
    context.db.write(() => {
      const answer = PLAIN.removeAll(request, context);
      forgetRemovedJobs(context.db, request.query.workflow_id);
      return answer;
    }),
};

/** The set of this name is the server's own; its values may be changed. */
function refuseReserved(name: string): void {
  if (name !== DEFAULT_REQUIREMENTS) return;
  throw new ApiError(422, `the name ${name} is reserved for the set that every workflow has`, {
    field: 'name',
    value: name,
  });
}

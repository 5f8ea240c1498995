import { COMPUTE_NODE, SCHEDULED_COMPUTE_NODE } from '../../store/workflows/compute-nodes.js';
import { equals, fieldEquals } from '../../store/workflows/table.js';
import type {
  COMPUTE_NODES,
  ComputeNodeModel,
  SCHEDULED_COMPUTE_NODES,
  ScheduledComputeNodesModel,
} from '../../wire/compute-nodes.js';
import type { Query } from '../../wire/endpoint.js';
import { parseIsoDuration } from '../../wire/iso-duration.js';
import { readField } from '../client-mistake.js';
import type { Handlers } from '../handlers.js';
import { collectionHandlers } from './collection.js';
import { publish } from './job-events.js';

const NODES = collectionHandlers<ComputeNodeModel, Query<typeof COMPUTE_NODES.list>>({
  table: COMPUTE_NODE,
  noun: 'Compute node',
  conditions: ({ hostname, is_active: isActive, scheduled_compute_node_id: allocation }) => [
    equals('hostname', hostname),
    equals('is_active', isActive),
    fieldEquals('scheduler', 'scheduler_id', allocation),
  ],
  check({ time_limit: limit }) {
    if (limit !== undefined) readField('time_limit', limit, parseIsoDuration);
  },
});

export const computeNodeHandlers: Handlers<typeof COMPUTE_NODES> = {
  ...NODES,
  create(request, context) {
    const { is_active = false } = request.body;
    const node = NODES.create({ body: { ...request.body, is_active } }, context);
    publish(context, node.workflow_id, 'compute_node_started', 'info', {
      ...identity(node),
      num_cpus: node.num_cpus,
      memory_gb: node.memory_gb,
      num_gpus: node.num_gpus,
      compute_node_type: node.compute_node_type,
    });
    return node;
  },
  update(request, context) {
    const node = NODES.update(request, context);
    if (request.body.is_active === false) {
      publish(context, node.workflow_id, 'compute_node_stopped', 'info', {
        ...identity(node),
        duration_seconds: node.duration_seconds ?? null,
        compute_node_type: node.compute_node_type,
      });
    }
    return node;
  },
};

const SCHEDULED = collectionHandlers<ScheduledComputeNodesModel, Query<typeof SCHEDULED_COMPUTE_NODES.list>>({
  table: SCHEDULED_COMPUTE_NODE,
  noun: 'Scheduled compute node',
  conditions: ({ scheduler_id: job, scheduler_config_id: config, status }) => [
    equals('scheduler_id', job),
    equals('scheduler_config_id', config),
    equals('status', status),
  ],
});

export const scheduledComputeNodeHandlers: Handlers<typeof SCHEDULED_COMPUTE_NODES> = {
  ...SCHEDULED,
  create(request, context) {
    const node = SCHEDULED.create(request, context);
    const { id, workflow_id, ...allocation } = node;
    const category = 'scheduler_node_created';
    const data = { category, scheduled_compute_node_id: id, ...allocation };
    publish(context, workflow_id, category, 'info', data);
    return node;
  },
};

function identity({ id, hostname, pid }: ComputeNodeModel) {
  return { compute_node_id: id, hostname, pid };
}

import type { ResourceRequirementsModel } from '../../../wire/resource-requirements.js';
import type { RecordKind } from '../record-command.js';

export const REQUIREMENTS: RecordKind<ResourceRequirementsModel> = {
  noun: 'resource requirements',
  group: 'resource-requirements',
  columns: [
    ['ID', (record) => record.id],
    ['Name', (record) => record.name],
    ['CPUs', (record) => record.num_cpus],
    ['GPUs', (record) => record.num_gpus],
    ['Nodes', (record) => record.num_nodes],
    ['Memory', (record) => record.memory],
    ['Runtime', (record) => record.runtime],
  ],
  more: [['Workflow ID', (record) => record.workflow_id]],
};

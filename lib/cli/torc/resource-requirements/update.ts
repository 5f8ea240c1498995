import { integer, required, text } from '../../tree/option.js';
import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { REQUIREMENTS } from './kind.js';

export const updateResourceRequirements = command({
  name: 'update',
  summary: 'Change resource requirements, for all jobs that have them',
  positionals: { id: required(integer('The resource requirements')) },
  options: {
    name: text('New name', { alias: 'n' }),
    'num-cpus': integer('CPUs of one job', { least: 1 }),
    'num-gpus': integer('GPUs of one job'),
    'num-nodes': integer('Nodes of one job', { least: 1 }),
    memory: text('Memory of one job: 512m, 2g', { value: 'SIZE' }),
    runtime: text('How long one job may run, ISO 8601: PT30M', { value: 'DURATION' }),
  },
  examples: [{ text: 'More memory', command: 'torc resource-requirements update 2 --memory 8g' }],
  async run({ id, name, numCpus, numGpus, numNodes, memory, runtime }, session) {
    const { resourceRequirements } = await session.client();
    const before = await resourceRequirements.get({ id });
    const record = await resourceRequirements.update({
      id,
      body: {
        workflow_id: before.workflow_id,
        name: name ?? before.name,
        num_cpus: numCpus ?? before.num_cpus,
        num_gpus: numGpus ?? before.num_gpus,
        num_nodes: numNodes ?? before.num_nodes,
        memory: memory ?? before.memory,
        runtime: runtime ?? before.runtime,
      },
    });
    session.show(record, () =>
      renderOne('Successfully updated resource requirements:', REQUIREMENTS, record),
    );
  },
});

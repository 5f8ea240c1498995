import { fallback, integer, required, text } from '../../tree/option.js';
import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { REQUIREMENTS } from './kind.js';

export const createResourceRequirements = command({
  name: 'create',
  summary: 'Create resource requirements, for jobs to refer to',
  positionals: WORKFLOW_ID,
  options: {
    name: required(text('What jobs call them', { alias: 'n' })),
    'num-cpus': fallback(integer('CPUs of one job', { least: 1 }), 1),
    'num-gpus': fallback(integer('GPUs of one job'), 0),
    'num-nodes': fallback(integer('Nodes of one job', { least: 1 }), 1),
    memory: fallback(text('Memory of one job: 512m, 2g', { alias: 'm', value: 'SIZE' }), '1m'),
    runtime: fallback(
      text('How long one job may run, ISO 8601: PT30M', { alias: 'r', value: 'DURATION' }),
      'P0DT1M',
    ),
  },
  examples: [
    {
      text: 'For large jobs',
      command: 'torc resource-requirements create 1 -n large --num-cpus 8 -m 32g -r PT4H',
    },
  ],
  async run({ workflowId: given, name, numCpus, numGpus, numNodes, memory, runtime }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const record = await client.resourceRequirements.create({
      body: {
        ...{ workflow_id, name, memory, runtime },
        ...{ num_cpus: numCpus, num_gpus: numGpus, num_nodes: numNodes },
      },
    });
    session.show(record, () =>
      renderOne('Successfully created resource requirements:', REQUIREMENTS, record),
    );
  },
});

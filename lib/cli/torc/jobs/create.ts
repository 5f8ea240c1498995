import { integer, repeated, required, text } from '../../tree/option.js';
import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { JOB } from './kind.js';

export const createJob = command({
  name: 'create',
  summary: 'Create a job',
  positionals: WORKFLOW_ID,
  options: {
    name: required(text('What it is called', { alias: 'n' })),
    command: required(text('What it runs, with bash', { alias: 'c' })),
    'resource-requirements-id': integer('What it needs', { alias: 'r', value: 'ID' }),
    'blocking-job-ids': repeated(integer('Jobs that it waits for', { alias: 'b', value: 'IDS' }), ','),
    'input-file-ids': repeated(integer('Files that it reads', { alias: 'i', value: 'IDS' }), ','),
    'output-file-ids': repeated(integer('Files that it writes', { alias: 'o', value: 'IDS' }), ','),
  },
  examples: [
    { text: 'After jobs 1 and 2', command: "torc jobs create 1 -n merge -c 'bash merge.sh' -b 1,2" },
  ],
  async run(values, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, values.workflowId);
    const job = await client.jobs.create({
      body: {
        ...{ workflow_id, name: values.name, command: values.command },
        resource_requirements_id: values.resourceRequirementsId,
        depends_on_job_ids: unlessEmpty(values.blockingJobIds),
        input_file_ids: unlessEmpty(values.inputFileIds),
        output_file_ids: unlessEmpty(values.outputFileIds),
      },
    });
    session.show(job, () => renderOne('Successfully created job:', JOB, job));
  },
});

function unlessEmpty(ids: number[]): number[] | undefined {
  return ids.length === 0 ? undefined : ids;
}

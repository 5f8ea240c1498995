import { listAll } from '../../../client/all.js';
import { renderTable } from '../../table.js';
import { integer } from '../../tree/option.js';
import { command } from '../command.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';
import { jobsToShow } from './jobs-to-show.js';

export const listRequirementsOfJobs = command({
  name: 'list-resource-requirements',
  summary: 'List jobs with what they need',
  positionals: WORKFLOW_ID,
  options: { 'job-id': integer('Only this job', { alias: 'j' }) },
  examples: [{ text: 'Of workflow 1', command: 'torc jobs list-resource-requirements 1' }],
  async run({ workflowId: given, jobId }, session) {
    const client = await session.client();
    const workflow_id = await workflowId(session, given);
    const records = await listAll(client.resourceRequirements.list, { workflow_id });
    const byId = new Map(records.map((record) => [record.id, record]));
    const jobs = await jobsToShow(client, workflow_id, jobId);
    const rows = jobs.map((job) => {
      const record = byId.get(job.resource_requirements_id);
      return {
        ...{ job_id: job.id, job_name: job.name, rr_id: record?.id, rr_name: record?.name, workflow_id },
        ...{ num_cpus: record?.num_cpus, num_gpus: record?.num_gpus, num_nodes: record?.num_nodes },
        ...{ memory: record?.memory, runtime: record?.runtime },
      };
    });
    session.show(rows, () =>
      renderTable(
        [
          ['Job ID', (row) => row.job_id],
          ['Job Name', (row) => row.job_name],
          ['RR ID', (row) => row.rr_id],
          ['RR Name', (row) => row.rr_name],
          ['CPUs', (row) => row.num_cpus],
          ['GPUs', (row) => row.num_gpus],
          ['Nodes', (row) => row.num_nodes],
          ['Memory', (row) => row.memory],
          ['Runtime', (row) => row.runtime],
        ],
        rows,
      ),
    );
  },
});

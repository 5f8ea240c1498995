import { connect } from '../../lib/client/client.js';

/**
 * Claims and starts jobs, says so, and reports their ends, one after the other, once its input ends.
 *
 * Arguments: URL, workflow, compute node, how many jobs.
 */
const [, , url = '', workflowText, nodeText, countText] = process.argv;
const workflow = Number(workflowText);
const node = Number(nodeText);
const client = connect(url);
const { jobs = [] } = await client.workflows.claimNext({ id: workflow, limit: Number(countText) });
const ids = jobs.map(({ id }) => id as number);
for (const id of ids) await client.jobs.start({ id, run_id: 0, compute_node_id: node });
process.stdin.resume().once('end', async () => {
  for (const id of ids) {
    const body = {
      ...{ job_id: id, workflow_id: workflow, run_id: 0, compute_node_id: node, return_code: 0 },
      ...{ exec_time_minutes: 0, completion_time: '2026-11-21T10:00:00.000Z', status: 'completed' as const },
    };
    await client.jobs.complete({ id, status: 'completed', run_id: 0, body });
  }
  client.close();
});
console.log(ids.length);

import { connect } from '../../lib/client/client.js';
import { Reports } from '../../lib/runner/reports.js';
import type { ResultModel } from '../../lib/wire/results.js';

/**
 * Claims and starts jobs, says so, and reports their ends once its input ends: one after the other, or as our runner does,
 * with several that end at once.
 *
 * Arguments: URL, workflow, compute node, how many jobs, how many end at once.
 */
const [, , url = '', workflowText, nodeText, countText, atOnceText] = process.argv;
const workflow = Number(workflowText);
const node = Number(nodeText);
const atOnce = Number(atOnceText);
const client = connect(url);
const reports = new Reports(client, workflow, () => false);
const limit = Number(countText);
const start = { compute_node_id: node, run_id: 0 };
const { jobs = [] } = await client.workflows.claimNext({ id: workflow, limit, ...start });
const ids = jobs.map(({ id }) => id as number);
process.stdin.resume().once('end', async () => {
  for (let first = 0; first < ids.length; first += atOnce) {
    await Promise.all(ids.slice(first, first + atOnce).map((id) => reports.send(endOf(id))));
  }
  client.close();
});
console.log(ids.length);

function endOf(job_id: number): ResultModel {
  return {
    ...{ job_id, workflow_id: workflow, run_id: 0, compute_node_id: node, return_code: 0 },
    ...{ exec_time_minutes: 0, completion_time: '2026-11-21T10:00:00.000Z', status: 'completed' },
  };
}

/** A runner in a process of its own, to be killed: `node runner-process.js URL WORKFLOW OUTPUT_DIR`. */
import { connect } from '../../lib/client/client.js';
import { runWorkflow } from '../../lib/runner/run.js';

const [url = '', workflow = '', outputDir = ''] = process.argv.slice(2);
const client = connect(url);
const summary = await runWorkflow(client, Number(workflow), {
  ...{ outputDir, pollInterval: 0.2, capacity: { cpus: 3, memoryGib: 1, gpus: 0 } },
});
console.log(JSON.stringify(summary));
client.close();

/** A runner in a process of its own, to be killed: `node runner-process.js URL WORKFLOW OUTPUT_DIR JOURNAL`. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '../../lib/client/client.js';
import { ServerUnreachableError } from '../../lib/client/client-errors.js';
import type { JobEvent } from '../../lib/runner/options.js';
import { runWorkflow } from '../../lib/runner/run.js';
import { runnerOptions } from './runner-options.js';

const [url = '', workflow = '', outputDir = '', journal = ''] = process.argv.slice(2);
const client = connect(url);
const attempts = new Map<string, number>();

/** Keeps what the server has acknowledged where the end of this process does not reach it. */
function onJob(event: JobEvent): void {
  if (event.kind === 'started') attempts.set(event.name, event.attempt);
  if (event.kind !== 'ended') return;
  const { name, status, returnCode } = event;
  appendFileSync(journal, `committed ${name} ${attempts.get(name)} ${status} ${returnCode}\n`);
}

/** Only to begin takes a server that is there: what begins is begun again, and what has begun must not end by that. */
async function runOnceThere(): Promise<void> {
  let hasBegun = false;
  const onLog = () => {
    hasBegun = true;
  };
  for (;;) {
    try {
      await runWorkflow(client, Number(workflow), runnerOptions(outputDir), {}, { onJob, onLog });
      return;
    } catch (error) {
      if (hasBegun || !(error instanceof ServerUnreachableError)) throw error;
      await sleep(100);
    }
  }
}

await runOnceThere();
client.close();

import type { RunSummary } from '../../runner/options.js';
import { runWorkflow } from '../../runner/run.js';
import type { RunOptions } from './run-options.js';
import { listOf, RunProgress } from './run-progress.js';
import type { Session } from './session.js';
import { stopBySignals } from './stop-signals.js';

/**
 * Runs a workflow in this process until it has ended, and tells what becomes of its jobs. The one place from which the
 * runner is started.
 *
 * @returns how it went, and the exit code of a run that a signal has ended
 * @throws AfterokError
 */
export async function runLocally(
  session: Session,
  id: number,
  options: RunOptions,
): Promise<{ summary: RunSummary; signalCode: number | null }> {
  const client = await session.client();
  const { total_count: total } = await client.jobs.list({ workflow_id: id, limit: 1 });
  const isTerminal = process.stderr.isTTY === true;
  const progress = new RunProgress(total, {
    news: { write: (text) => (session.isJson ? undefined : process.stdout.write(text)) },
    line: isTerminal && !session.isJson ? process.stderr : null,
  });
  const stops = stopBySignals((isFirst) =>
    session.note(isFirst ? 'ending jobs; once more to kill them' : 'killing jobs'),
  );
  // Jobs ask the server as the person does who runs them.
  Object.assign(process.env, session.credentials);
  try {
    const summary = await runWorkflow(client, id, options, stops.signals, {
      onJob: (event) => progress.onJob(event),
      onCounts: (counts) => progress.onCounts(counts),
    });
    progress.close();
    session.show(summaryJson(summary), () => renderSummary(summary));
    return { summary, signalCode: stops.exitCode() };
  } finally {
    progress.close();
    stops.release();
  }
}

function summaryJson(summary: RunSummary): Record<string, unknown> {
  const { workflowId, runId, computeNodeId, reason, seconds, pendingFailed, ...counts } = summary;
  return {
    ...{ workflow_id: workflowId, run_id: runId, compute_node_id: computeNodeId, reason, seconds },
    ...{ ...counts, pending_failed: pendingFailed },
  };
}

function renderSummary({
  workflowId,
  runId: _run,
  computeNodeId: _node,
  reason,
  seconds,
  ...counts
}: RunSummary): string {
  const { retried: _again, ...ended } = counts;
  const line = `Workflow ${workflowId} ${WORDS[reason]} after ${seconds.toFixed(1)} s: ${listOf(ended, 'no job was run')}\n`;
  const isWell = counts.failed + counts.pendingFailed + counts.terminated === 0;
  return isWell ? line : `${line}What failed: torc results list ${workflowId} --failed\n`;
}

const WORDS: Readonly<Record<RunSummary['reason'], string>> = {
  complete: 'is complete',
  canceled: 'was canceled',
  idle: 'has nothing more for this runner',
  expired: 'is out of time here',
  stopped: 'was interrupted',
};

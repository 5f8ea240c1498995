import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Client } from '../client/client.js';
import { patient } from '../client/patience.js';
import { epochSeconds } from '../clock.js';
import { AfterokError } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import { localRunnerLog, metricsDatabase, stdioFolder } from '../report/run-files.js';
import { MetricsDatabase } from '../store/metrics/database.js';
import type { ComputeNodeModel } from '../wire/compute-nodes.js';
import { formatIsoDuration } from '../wire/iso-duration.js';
import type { WorkflowModel } from '../wire/workflows.js';
import { Actions } from './actions.js';
import { type ClaimPolicy, CountPolicy, ResourcePolicy } from './claims.js';
import type { RunContext } from './context.js';
import { JobLookups } from './job-lookups.js';
import { JobLoop } from './job-loop.js';
import { Launcher } from './launcher.js';
import { type Capacity, capacityOf } from './machine.js';
import { monitorSettings } from './monitor/config.js';
import { ResourceMonitor } from './monitor/monitor.js';
import type {
  EndReason,
  RunCounts,
  RunnerListener,
  RunnerOptions,
  RunSummary,
  StopSignals,
} from './options.js';
import { ResourcePool } from './resource-pool.js';
import { runnerIdentity } from './runner-identity.js';
import { RunnerLog } from './runner-log.js';

const POLL_INTERVAL = 5;
const LONGEST_PENDING = 60;
const OUTPUT_DIR = 'output';

const NOTHING_YET: RunCounts = {
  running: 0,
  completed: 0,
  failed: 0,
  pendingFailed: 0,
  terminated: 0,
  canceled: 0,
  retried: 0,
};

/**
 * Runs a workflow's jobs on this machine until it is complete, or this runner has a reason to end before.
 *
 * @throws AfterokError for a workflow that is not initialised, and what the client throws when the server refuses or
 *   stays away; jobs of this runner are ended then
 */
export async function runWorkflow(
  client: Client,
  workflowId: number,
  options: RunnerOptions = {},
  signals: StopSignals = {},
  listener: RunnerListener = {},
): Promise<RunSummary> {
  const began = epochSeconds();
  // Who starts a runner wants to be told at once that there is no server; from then on it is waited for.
  const workflow = await client.workflows.get({ id: workflowId });
  const waiting = waitingFor(client, workflow, options, null);
  const { run_id: runId } = await waiting.workflows.getStatus({ id: workflowId });
  await requireInitialised(waiting, workflowId);
  const runner = await LocalRunner.open({ client, workflow, workflowId, runId, options, listener });
  try {
    const reason = await runner.run(signals);
    return runner.summary(reason, epochSeconds() - began);
  } finally {
    await runner.close(epochSeconds() - began);
  }
}

async function requireInitialised(client: Client, id: number): Promise<void> {
  if (!(await client.workflows.isUninitialized({ id })).is_uninitialized) return;
  const { total_count: jobs } = await client.jobs.list({ workflow_id: id, limit: 1 });
  if (jobs === 0) return;
  throw new AfterokError(
    'not-initializable',
    `workflow ${id} is not initialized`,
    `initialize it: torc workflows initialize ${id}`,
  );
}

interface Opening {
  client: Client;
  workflow: WorkflowModel;
  workflowId: number;
  runId: number;
  options: RunnerOptions;
  listener: RunnerListener;
}

/** A runner with everything that is open while it works. */
class LocalRunner {
  private readonly loop: JobLoop;

  private constructor(
    private readonly context: RunContext,
    private readonly node: ComputeNodeModel,
    private readonly options: RunnerOptions,
    capacity: Capacity,
  ) {
    this.loop = new JobLoop(context, this.policy(capacity), {
      pollInterval: options.pollInterval ?? POLL_INTERVAL,
      longestPending: options.longestPending ?? LONGEST_PENDING,
    });
  }

  static async open({
    client,
    workflow,
    workflowId,
    runId,
    options,
    listener,
  }: Opening): Promise<LocalRunner> {
    const outputDir = options.outputDir ?? OUTPUT_DIR;
    makeFolder(stdioFolder(outputDir));
    const path = options.node?.logFile ?? localRunnerLog(outputDir, hostname(), workflowId, runId);
    const log = new RunnerLog(path, listener.onLog);
    const capacity = capacityOf(options.capacity ?? {});
    const body = nodeRecord(workflowId, capacity, options);
    const patientClient = waitingFor(client, workflow, options, log);
    const launcher = await Launcher.open(runnerIdentity(body));
    const node = await patientClient.computeNodes.create({ body }).catch((error: unknown) => {
      launcher.close();
      throw error;
    });
    const { cpus, memoryBytes, gpus } = capacity;
    log.info(
      `runner ${node.id} of workflow ${workflowId}, run ${runId}: process ${process.pid} on ${hostname()}`,
    );
    log.info(`${cpus} processors, ${(memoryBytes / 2 ** 30).toFixed(1)} GiB, ${gpus.length} GPUs`);
    const context: RunContext = {
      ...{ client: patientClient, impatient: client, workflow, workflowId, runId, log, listener },
      nodeId: node.id ?? 0,
      surroundings: { workflowId, outputDir, apiUrl: client.connection.url, runner: runnerIdentity(body) },
      launcher,
      monitor: openMonitor({ workflow, workflowId, runId, options, log }),
      lookups: new JobLookups(patientClient, workflowId),
      counts: { ...NOTHING_YET },
    };
    return new LocalRunner(context, node, options, capacity);
  }

  async run({ stop, kill }: StopSignals): Promise<EndReason> {
    const { loop } = this;
    const { actions } = loop;
    const onStop = () => loop.stop('stopped');
    const onKill = () => loop.kill();
    stop?.addEventListener('abort', onStop);
    kill?.addEventListener('abort', onKill);
    const disarm = this.armTimer();
    try {
      if (stop?.aborted === true) onStop();
      await actions.run(['on_workflow_start']);
      await actions.run(['on_worker_start']);
      const reason = await loop.run();
      // Those of the loop may have been stopped.
      await new Actions(this.context).run(['on_worker_complete']);
      return reason;
    } finally {
      disarm();
      stop?.removeEventListener('abort', onStop);
      kill?.removeEventListener('abort', onKill);
    }
  }

  summary(reason: EndReason, seconds: number): RunSummary {
    const { workflowId, runId, nodeId, log, counts } = this.context;
    const { running: _none, ...ended } = counts;
    const text = Object.entries(ended).filter(([, count]) => count > 0);
    log.info(`end (${reason}): ${text.map(([name, count]) => `${count} ${name}`).join(', ') || 'no job'}`);
    return { workflowId, runId, computeNodeId: nodeId, reason, seconds, ...ended };
  }

  /** Closes what is open, whether the server can be told or not. */
  async close(seconds: number): Promise<void> {
    const { client, nodeId, launcher, monitor, log } = this.context;
    monitor?.close();
    launcher.close();
    try {
      const body = { ...this.node, is_active: false, duration_seconds: seconds };
      await client.computeNodes.update({ id: nodeId, body });
    } catch (error) {
      log.error(`the server is not told that this runner ends: ${(error as Error).message}`);
    }
    log.flush();
  }

  private policy(capacity: Capacity): ClaimPolicy {
    const { maxParallelJobs } = this.options;
    const timeLeft = () => this.timeLeft();
    if (maxParallelJobs !== undefined) return new CountPolicy(this.context, maxParallelJobs, timeLeft);
    return new ResourcePolicy(this.context, new ResourcePool(capacity), this.options, timeLeft);
  }

  /** Ends the loop when time is up. @returns what takes that back */
  private armTimer(): () => void {
    let timer: NodeJS.Timeout | null = null;
    const look = () => {
      const left = this.timeLeft();
      if (left === null) return;
      if (left <= 0) this.loop.stop('expired');
      else timer = setTimeout(look, Math.min(left, MAX_SECONDS) * 1000);
    };
    look();
    return () => {
      if (timer !== null) clearTimeout(timer);
    };
  }

  /** Seconds until jobs are ended because this runner's time is up; null without an end. */
  private timeLeft(): number | null {
    const { endTime } = this.options;
    if (endTime === undefined) return null;
    const buffer = this.context.workflow.compute_node_expiration_buffer_seconds ?? 60;
    return Math.max(0, endTime - buffer - epochSeconds());
  }
}

/** Timers of more milliseconds than 2^31 end at once. */
const MAX_SECONDS = 24 * 24 * 3600;

function nodeRecord(
  workflow_id: number,
  capacity: Capacity,
  { node, endTime }: RunnerOptions,
): ComputeNodeModel {
  const now = epochSeconds();
  return {
    ...{ workflow_id, hostname: hostname(), pid: process.pid, is_active: true },
    start_time: new Date(now * 1000).toISOString(),
    ...{ num_cpus: capacity.cpus, memory_gb: capacity.memoryBytes / 2 ** 30 },
    ...{ num_gpus: capacity.gpus.length, num_nodes: capacity.nodes },
    ...(endTime === undefined
      ? {}
      : { time_limit: formatIsoDuration(Math.max(0, Math.floor(endTime - now))) }),
    ...(node?.schedulerConfigId === undefined ? {} : { scheduler_config_id: node.schedulerConfigId }),
    compute_node_type: node?.type ?? 'local',
    ...(node?.scheduler === undefined ? {} : { scheduler: node.scheduler }),
  };
}

function waitingFor(
  client: Client,
  workflow: WorkflowModel,
  options: RunnerOptions,
  log: RunnerLog | null,
): Client {
  return patient(client, {
    minutes: options.serverAwayMinutes ?? workflow.compute_node_wait_for_healthy_database_minutes ?? 20,
    ...(options.pingInterval === undefined ? {} : { interval: options.pingInterval }),
    onAway: (error) => log?.warn(`${error.message}; jobs go on, and the server is waited for`),
    onBack: () => log?.info('the server is back'),
  });
}

function openMonitor({
  workflow,
  workflowId,
  runId,
  options,
  log,
}: Pick<Opening, 'workflow' | 'workflowId' | 'runId' | 'options'> & {
  log: RunnerLog;
}): ResourceMonitor | null {
  const settings = monitorSettings(workflow.resource_monitor_config);
  if (settings === null) return null;
  if (!existsSync('/proc/self/stat')) {
    log.warn('this machine has no /proc: what jobs use is not known');
    return null;
  }
  const { outputDir = OUTPUT_DIR, node } = options;
  const path = metricsDatabase(outputDir, node?.label ?? hostname(), workflowId, runId);
  const database = settings.keepsSamples ? MetricsDatabase.create(path) : null;
  return new ResourceMonitor(settings.interval, database, (error) => log.error(`monitor: ${error.message}`));
}

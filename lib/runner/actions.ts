import { join, resolve } from 'node:path';
import { ApiResponseError } from '../client/client-errors.js';
import type { WorkflowActionModel } from '../wire/actions.js';
import type { TriggerType } from '../workflow/spec.js';
import type { RunContext } from './context.js';
import type { LaunchedProcess } from './launcher.js';
import { RUNNER_VARIABLE } from './runner-identity.js';

/** Triggers that go off while jobs run. */
export const JOB_TRIGGERS = ['on_jobs_ready', 'on_jobs_complete'] as const satisfies TriggerType[];

/** Carries out the `run_commands` actions of a workflow; one that must run nodes is for whoever can do that. */
export class Actions {
  /** Persistent actions stay pending; each runner carries them out once. */
  private readonly done = new Set<number>();
  /** Whether some action of this workflow may still be triggered by its jobs, as far as is known. */
  awaitsJobs = false;
  private current: Promise<void> | null = null;
  private process: LaunchedProcess | null = null;
  private isStopped = false;

  constructor(private readonly context: RunContext) {}

  /** Whether actions run now. */
  get isBusy(): boolean {
    return this.current !== null;
  }

  /** Asks the server what actions there are: recovery adds some while jobs run. */
  async refresh(): Promise<void> {
    const all = await this.context.client.actions.list({ id: this.context.workflowId });
    this.awaitsJobs = all.some(
      (action) =>
        isRunnable(action) &&
        (JOB_TRIGGERS as readonly string[]).includes(action.trigger_type) &&
        action.executed !== true &&
        !this.done.has(action.id ?? 0),
    );
  }

  /** Carries out what these triggers have set off, one action after the other. */
  async run(triggers: readonly TriggerType[]): Promise<void> {
    const { client, workflowId: id } = this.context;
    const pending = await client.actions.pending({ id, trigger_type: [...triggers] });
    for (const action of pending) {
      if (this.isStopped) return;
      if (!isRunnable(action) || this.done.has(action.id ?? 0) || !(await this.claims(action))) continue;
      this.done.add(action.id ?? 0);
      await this.carryOut(action);
    }
  }

  /** The same beside everything else, unless it happens already. @param onEnd is called afterwards */
  runBeside(triggers: readonly TriggerType[], onEnd: () => void, onError: (error: unknown) => void): void {
    this.current ??= this.run(triggers)
      .catch(onError)
      .finally(() => {
        this.current = null;
        onEnd();
      });
  }

  /** Ends what runs; nothing is begun any more. */
  stop(): void {
    this.isStopped = true;
    this.process?.signal('SIGTERM');
  }

  private async claims({ id = 0 }: WorkflowActionModel): Promise<boolean> {
    const { client, workflowId, nodeId } = this.context;
    try {
      const body = { compute_node_id: nodeId };
      if ((await client.actions.claim({ id: workflowId, action_id: id, body })).claimed) return true;
    } catch (error) {
      if (!(error instanceof ApiResponseError)) throw error;
    }
    // Another runner was faster, or the first request got through and only its answer was lost.
    const all = await client.actions.list({ id: workflowId });
    return all.some((action) => action.id === id && action.executed_by === nodeId);
  }

  /** A command that fails ends its action, and is no reason to end anything else. */
  private async carryOut(action: WorkflowActionModel): Promise<void> {
    const { launcher, log, surroundings, workflowId } = this.context;
    const { apiUrl, runner } = surroundings;
    // Its commands work in there.
    const outputDir = resolve(surroundings.outputDir);
    for (const command of commandsOf(action)) {
      log.info(`action ${action.id} (${action.trigger_type}): ${command}`);
      const env = {
        TORC_WORKFLOW_ID: String(workflowId),
        TORC_OUTPUT_DIR: outputDir,
        TORC_API_URL: apiUrl,
        [RUNNER_VARIABLE]: runner,
      };
      const file = join(outputDir, `action_wf${workflowId}_a${action.id}`);
      const order = { command, env, cwd: outputDir, stdout: `${file}.o`, stderr: `${file}.e`, appends: true };
      this.process = launcher.start(order);
      const code = await this.process.ended.then(
        ({ code, signal }) => code ?? `signal ${signal}`,
        (error: Error) => error.message,
      );
      this.process = null;
      if (code === 0 && !this.isStopped) continue;
      log.error(`action ${action.id}: ${command} failed: ${code}`);
      return;
    }
  }
}

function isRunnable(action: WorkflowActionModel): boolean {
  return action.action_type === 'run_commands' && commandsOf(action).length > 0;
}

function commandsOf({ action_config: config }: WorkflowActionModel): string[] {
  const parsed: unknown = typeof config === 'string' ? JSON.parse(config) : config;
  const commands = (parsed as { commands?: unknown } | null)?.commands;
  return Array.isArray(commands) ? commands.map(String) : [];
}

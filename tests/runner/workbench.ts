import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { Client } from '../../lib/client/client.js';
import { initialize } from '../../lib/client/initialize.js';
import type { RunnerListener, RunnerOptions, RunSummary, StopSignals } from '../../lib/runner/options.js';
import { runWorkflow } from '../../lib/runner/run.js';
import type { JobStatus } from '../../lib/wire/job-status.js';
import type { ResultModel } from '../../lib/wire/results.js';
import { expand } from '../../lib/workflow/expand.js';
import type { JobSpec, WorkflowSpec } from '../../lib/workflow/spec.js';
import { parseSpec } from '../../lib/workflow/spec-file.js';
import { createWorkflow } from '../../lib/workflow/upload/create-workflow.js';
import { type RunningServer, runningServer } from '../client/running-server.js';

/** A server, and a folder in which workflows are run. */
export class Workbench {
  private constructor(
    readonly client: Client,
    readonly folder: string,
    readonly url: string,
    readonly stopServer: () => Promise<void>,
  ) {}

  static async open(t: Test): Promise<Workbench> {
    return Workbench.over(t, await runningServer(t));
  }

  static over(t: Test, { client, url, server }: RunningServer): Workbench {
    return new Workbench(client, t.testdir(), url, async () => {
      server.app.server.closeAllConnections();
      await server.app.close();
    });
  }

  get outputDir(): string {
    return join(this.folder, 'output');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Makes and initialises a workflow. @returns its id */
  async create(spec: Omit<WorkflowSpec, 'name'>, { monitorResources = false } = {}): Promise<number> {
    const id = await workflowFrom(this.client, spec, monitorResources);
    await initialize(this.client, id, { force: true });
    return id;
  }

  async run(
    id: number,
    options: RunnerOptions = {},
    signals: StopSignals = {},
    listener: RunnerListener = {},
  ): Promise<RunSummary> {
    mkdirSync(this.outputDir, { recursive: true });
    const defaults = {
      outputDir: this.outputDir,
      pollInterval: 0.2,
      capacity: { cpus: 4, memoryGib: 4, gpus: 0 },
    };
    return await runWorkflow(this.client, id, { ...defaults, ...options }, signals, listener);
  }

  /** Makes and runs it. */
  async runNew(
    spec: Omit<WorkflowSpec, 'name'>,
    options: RunnerOptions = {},
  ): Promise<{ id: number; summary: RunSummary }> {
    const id = await this.create(spec);
    return { id, summary: await this.run(id, options) };
  }

  /** Names to statuses. */
  async statuses(workflow_id: number): Promise<Record<string, JobStatus | undefined>> {
    const { items } = await this.client.jobs.list({ workflow_id });
    return Object.fromEntries(items.map(({ name, status }) => [name, status]));
  }

  /** Of one job of this name; all attempts, the newest last. */
  async results(workflow_id: number, name: string): Promise<ResultModel[]> {
    const { items: jobs } = await this.client.jobs.list({ workflow_id });
    const id = jobs.find((job) => job.name === name)?.id;
    const { items } = await this.client.results.list({ workflow_id, all_runs: true });
    return items.filter((result) => result.job_id === id);
  }
}

/** Makes a workflow without initialising it. @returns its id */
export async function workflowFrom(
  client: Client,
  spec: Omit<WorkflowSpec, 'name'>,
  monitorResources: boolean,
): Promise<number> {
  const { spec: read, source } = parseSpec(JSON.stringify({ name: 'test', ...spec }), 'test.json');
  return await createWorkflow(client, expand(read, source), { user: 'tester', monitorResources });
}

/** A job of this command. */
export function job(name: string, command: string, more: Partial<JobSpec> = {}): JobSpec {
  return { name, command, ...more };
}

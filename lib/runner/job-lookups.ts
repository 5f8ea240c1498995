import { listAll } from '../client/all.js';
import type { Client } from '../client/client.js';
import type { FileModel } from '../wire/files.js';
import { parseMemorySize } from '../wire/memory-size.js';
import type { ResourceRequirementsModel } from '../wire/resource-requirements.js';
import { type FailureRule, parseRules } from './failure-rules.js';
import type { ClaimedJob } from './job-command.js';
import type { Needs } from './resource-pool.js';

type Known<T> = T & { id: number };

/** What jobs refer to by ids, asked for once. */
export class JobLookups {
  private requirements: Promise<Map<number, Needs>> | null = null;
  private files: Promise<Map<number, Known<FileModel>>> | null = null;
  private readonly handlers = new Map<number, Promise<FailureRule[]>>();

  constructor(
    private readonly client: Client,
    private readonly workflowId: number,
  ) {}

  /** What a job needs: one processor when nobody has said. */
  async needsOf({ resource_requirements_id: id }: ClaimedJob): Promise<Needs> {
    if (id === undefined) return { cpus: 1, memoryBytes: 0, gpus: 0, nodes: 1 };
    this.requirements ??= this.listRequirements();
    const known = (await this.requirements).get(id);
    if (known !== undefined) return known;
    const found = needsFrom(await this.client.resourceRequirements.get({ id }));
    (await this.requirements).set(id, found);
    return found;
  }

  /** Asks anew: somebody changes requirements while the workflow runs. */
  forgetNeeds(): void {
    this.requirements = null;
  }

  /** The files that a job promises to write. */
  async outputsOf({ output_file_ids: ids = [] }: ClaimedJob): Promise<Known<FileModel>[]> {
    if (ids.length === 0) return [];
    this.files ??= this.listFiles();
    const known = await this.files;
    const files: Known<FileModel>[] = [];
    for (const id of ids) files.push(known.get(id) ?? { ...(await this.client.files.get({ id })), id });
    return files;
  }

  /** The rules of a job's failure handler; null for none. */
  async rulesOf({ failure_handler_id: id }: ClaimedJob): Promise<FailureRule[] | null> {
    if (id === undefined || id === null) return null;
    const known =
      this.handlers.get(id) ?? this.client.failureHandlers.get({ id }).then((one) => parseRules(one.rules));
    this.handlers.set(id, known);
    return await known;
  }

  private async listRequirements(): Promise<Map<number, Needs>> {
    const all = await listAll(this.client.resourceRequirements.list, { workflow_id: this.workflowId });
    return new Map(all.map((one) => [one.id ?? 0, needsFrom(one)]));
  }

  private async listFiles(): Promise<Map<number, Known<FileModel>>> {
    const all = await listAll(this.client.files.list, { workflow_id: this.workflowId, is_output: true });
    return new Map(all.map((file) => [file.id ?? 0, { ...file, id: file.id ?? 0 }]));
  }
}

function needsFrom({ num_cpus, num_gpus, num_nodes, memory }: ResourceRequirementsModel): Needs {
  return { cpus: num_cpus, memoryBytes: parseMemorySize(memory), gpus: num_gpus, nodes: num_nodes };
}

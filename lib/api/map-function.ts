import { fileURLToPath } from 'node:url';
import type { Client } from '../client/client.js';
import { PACKAGE_ROOT } from '../package-root.js';
import { type JobModel, MAX_BULK } from '../wire/jobs.js';
import { inputName, type MappedCall, outputName } from './mapped-function.js';

export interface MapOptions {
  /** Where the module is looked for; the directory in which the workflow runs unless given. */
  moduleDirectory?: string;
  /** A function of the same module: gets what all the jobs returned, in the order of `params`, when they have ended. */
  postprocess?: string;
  resourceRequirementsId?: number;
  /** Slurm scheduler. */
  schedulerId?: number;
  /** Jobs that have to end first. */
  dependsOnJobIds?: readonly number[];
  /** What jobs are called: `namePrefix` and a number from `startIndex` (1) on, or these names. */
  namePrefix?: string;
  startIndex?: number;
  names?: readonly string[];
}

/** The records of one job that calls a function. */
interface Mapped {
  name: string;
  call: MappedCall;
  outputId: number;
}

/**
 * Makes a job for each of `params` that calls a function of a module with it. What the function returns is stored as
 * user data `output_JOB`, unless it is undefined; a function that throws fails its job. Parameters and results are
 * JSON in the server's database: large ones belong into files.
 *
 * @param module path of an ES module (`./simulation.js`), a URL of one, or the name of a package
 * @param func name of the function that it exports; it may be async
 * @returns the jobs in the order of `params`, and the one that postprocesses as the last
 * @throws ApiResponseError, ServerUnreachableError, RangeError for names that do not fit
 */
export async function mapFunctionToJobs(
  api: Client,
  workflowId: number,
  module: string | URL,
  func: string,
  params: readonly unknown[],
  options: MapOptions = {},
): Promise<JobModel[]> {
  const names = namesFor(params.length, options);
  const target = targetOf(module, options.moduleDirectory);
  const mapped: Mapped[] = [];
  for (const [at, param] of params.entries()) {
    const name = names[at] ?? '';
    mapped.push({
      name,
      call: { ...target, func, params: param },
      outputId: await output(api, workflowId, name),
    });
  }
  const common = commonFields(workflowId, options);
  const jobs = await createAll(api, workflowId, mapped, {
    ...common,
    depends_on_job_ids: [...(options.dependsOnJobIds ?? [])],
  });
  if (options.postprocess === undefined) return jobs;
  const name = `${options.namePrefix ?? ''}postprocess`;
  const last = {
    name,
    call: { ...target, func: options.postprocess },
    outputId: await output(api, workflowId, name),
  };
  const results = mapped.map(({ outputId }) => outputId);
  return [...jobs, ...(await createAll(api, workflowId, [last], common, results))];
}

/** @param alsoReads user data beside the call itself */
async function createAll(
  api: Client,
  workflow_id: number,
  mapped: readonly Mapped[],
  common: Omit<JobModel, 'name' | 'command'>,
  alsoReads: readonly number[] = [],
): Promise<JobModel[]> {
  const jobs: JobModel[] = [];
  for (const { name, call, outputId } of mapped) {
    const input = await api.userData.create({ body: { workflow_id, name: inputName(name), data: call } });
    jobs.push({
      ...{ ...common, name, command: command() },
      input_user_data_ids: [idOf(input), ...alsoReads],
      output_user_data_ids: [outputId],
    });
  }
  const created: JobModel[] = [];
  for (let at = 0; at < jobs.length; at += MAX_BULK) {
    const answer = await api.jobs.createBulk({ body: { jobs: jobs.slice(at, at + MAX_BULK) } });
    created.push(...(answer.jobs ?? []));
  }
  return created;
}

async function output(api: Client, workflow_id: number, job: string): Promise<number> {
  return idOf(await api.userData.create({ body: { workflow_id, name: outputName(job) } }));
}

function idOf({ id }: { id?: number }): number {
  if (id === undefined) throw new Error('the server gave a user data entry no id');
  return id;
}

function commonFields(
  workflow_id: number,
  { resourceRequirementsId, schedulerId }: MapOptions,
): Omit<JobModel, 'name' | 'command'> {
  return {
    workflow_id,
    ...(resourceRequirementsId === undefined ? {} : { resource_requirements_id: resourceRequirementsId }),
    ...(schedulerId === undefined ? {} : { scheduler_id: schedulerId }),
  };
}

function targetOf(
  module: string | URL,
  directory: string | undefined,
): Pick<MappedCall, 'module' | 'module_directory'> {
  const path = module instanceof URL || module.startsWith('file:') ? fileURLToPath(module) : module;
  return { module: path, ...(directory === undefined ? {} : { module_directory: directory }) };
}

function namesFor(count: number, { names, namePrefix = '', startIndex = 1 }: MapOptions): readonly string[] {
  if (names === undefined) return Array.from({ length: count }, (_, at) => `${namePrefix}${startIndex + at}`);
  if (names.length !== count) throw new RangeError(`${names.length} names for ${count} jobs`);
  return names;
}

/** Runs the function by the same node and the same installation, wherever both are reachable. */
function command(): string {
  return [process.execPath, `${PACKAGE_ROOT}dist/bin/torc-run-function.js`].map(quoted).join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

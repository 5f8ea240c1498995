import type { ErrorObject } from 'ajv';
import type { Path } from '../positioned-text.js';
import { type FileKind, SchemaFile } from '../schema-file.js';
import type { JobSpec, JobsSortMethod, WorkflowSpec } from './spec.js';
import { syntaxOf } from './spec-syntax.js';

/** Where the parts of a specification stand; makes the errors about them. */
export type SpecSource = Pick<SchemaFile, 'file' | 'error'>;

/** A specification as it was written. */
export interface WrittenSpec {
  spec: WorkflowSpec;
  source: SpecSource;
}

/**
 * Reads a specification in YAML, JSON, JSON5 or KDL.
 *
 * @throws AfterokError naming file, line, column, and what was expected
 */
export function readSpecFile(file: string): WrittenSpec {
  return withPresentNames(SchemaFile.read<SpecFile>(file, SPEC_FILE));
}

/** The same of a text; `file` is for messages, and its extension says which syntax it is. */
export function parseSpec(text: string, file: string): WrittenSpec {
  return withPresentNames(SchemaFile.parse<SpecFile>(text, file, SPEC_FILE));
}

/** A specification as the schema admits it, with the older names of two keys. */
type SpecFile = Omit<WorkflowSpec, 'jobs'> & {
  job_sort_method?: JobsSortMethod;
  jobs: (JobSpec & { slurm_scheduler?: string })[];
};

const SPEC_FILE: FileKind = {
  noun: 'workflow specification',
  code: 'bad-spec',
  schema: 'workflow.schema.json',
  syntax: syntaxOf,
  explain,
};

function explain(error: ErrorObject, path: Path): string | null {
  const found = `found ${JSON.stringify(error.data)}`;
  if (path.at(-2) === 'parameters' && error.keyword === 'type') {
    return `values are written as text, such as "1:10", "0:1:0.1" or "[a,b]"; ${found}`;
  }
  if (error.keyword === 'not')
    return 'the name "default" is taken by the requirements of jobs that name none';
  if (error.keyword !== 'pattern') return null;
  return path.at(-1) === 'memory'
    ? `expected a number with k, m, g or t, such as 512m or 2g; ${found}`
    : `expected an ISO 8601 duration, such as PT30M or P1DT12H; ${found}`;
}

function withPresentNames({ source, value }: { source: SchemaFile; value: SpecFile }): WrittenSpec {
  const { job_sort_method: sortMethod, jobs, ...spec } = value;
  if (sortMethod !== undefined && spec.jobs_sort_method !== undefined) {
    throw source.error(['job_sort_method'], 'is the older name of jobs_sort_method: write one of the two');
  }
  if (sortMethod !== undefined) spec.jobs_sort_method = sortMethod;
  return { source, spec: { ...spec, jobs: jobs.map((job, place) => presentJob(job, place, source)) } };
}

function presentJob(
  { slurm_scheduler: older, ...job }: SpecFile['jobs'][number],
  place: number,
  source: SpecSource,
): JobSpec {
  if (older === undefined) return job;
  if (job.scheduler === undefined) return { ...job, scheduler: older };
  throw source.error(
    ['jobs', place, 'slurm_scheduler'],
    'is the older name of scheduler: write one of the two',
  );
}

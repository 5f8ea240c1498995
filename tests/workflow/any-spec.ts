import fc from 'fast-check';
import type { FileSpec, JobSpec, UserDataSpec, WorkflowSpec } from '../../lib/workflow/spec.js';

/** Few enough that what is named is often there, and often twice. */
const name = fc.constantFrom(
  'a',
  'b',
  'job_1',
  'x{i}',
  'x{i:02d}',
  'y{k}{i}',
  '{k:.2f}',
  'with space',
  'é"\\',
  '#5',
);
const pattern = fc.constantFrom('a', '^x', '.', '\\d$', '(?i)X', '(', 'none', '{i}', '[[:alpha:]]');
const text = fc.constantFrom(
  'echo {i}',
  'echo',
  'true',
  `{k:.2e} $\{i}`,
  `$\{files.input.a}`,
  `$\{user_data.output.b}`,
);
const values = fc.constantFrom(
  '1:3',
  '[a,b]',
  '0.1:0.3:0.1',
  '[]',
  '5',
  '3:1',
  "['a', 1]",
  '[1,',
  '1:2:0',
  'x:y',
);

function some<T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(item, { maxLength: 3 });
}

const parameterised = {
  parameters: fc.dictionary(fc.constantFrom('i', 'k'), values, { maxKeys: 2 }),
  parameter_mode: fc.constantFrom('product' as const, 'zip' as const),
  use_parameters: some(fc.constantFrom('i', 'k', 'z')),
};

const job: fc.Arbitrary<JobSpec> = fc.record(
  {
    name,
    command: text,
    invocation_script: text,
    cancel_on_blocking_job_failure: fc.boolean(),
    resource_requirements: name,
    depends_on: some(name),
    depends_on_regexes: some(pattern),
    input_files: some(name),
    input_file_regexes: some(pattern),
    output_files: some(name),
    output_user_data_regexes: some(pattern),
    input_user_data: some(name),
    ...parameterised,
  },
  { requiredKeys: ['name', 'command'] },
);

const file: fc.Arbitrary<FileSpec> = fc.record(
  { name, path: name, ...parameterised },
  { requiredKeys: ['name', 'path'] },
);

const userData: fc.Arbitrary<UserDataSpec> = fc.record(
  {
    name,
    data: fc.jsonValue({ maxDepth: 2 }).filter((data) => data !== null),
    is_ephemeral: fc.boolean(),
    ...parameterised,
  },
  { requiredKeys: ['name'] },
);

/** A specification that its schema admits, right or wrong in what it refers to. */
export const anySpec: fc.Arbitrary<WorkflowSpec> = fc.record(
  {
    name,
    description: name,
    parameters: parameterised.parameters,
    jobs: fc.array(job, { maxLength: 4 }),
    files: fc.array(file, { minLength: 1, maxLength: 3 }),
    user_data: fc.array(userData, { minLength: 1, maxLength: 2 }),
    use_pending_failed: fc.boolean(),
  },
  { requiredKeys: ['name', 'jobs'] },
);

/** The specification in KDL. */
export function toKdl({ jobs, files = [], user_data: data = [], ...settings }: WorkflowSpec): string {
  return [
    ...Object.entries(settings).map(([key, value]) => node(key, value)),
    ...jobs.map(({ name: job, ...rest }) => block('job', job, rest)),
    ...files.map(({ name: one, ...rest }) => block('file', one, rest)),
    ...data.map(({ name: one, data: json, ...rest }) =>
      block('user_data', one, json === undefined ? rest : { ...rest, data: JSON.stringify(json) }),
    ),
  ].join('\n');
}

function block(kind: string, called: string, fields: object): string {
  const lines = Object.entries(fields).map(([key, value]) => `  ${node(key, value)}\n`);
  return `${kind} ${argument(called)} {\n${lines.join('')}}`;
}

function node(key: string, value: unknown): string {
  if (Array.isArray(value)) return `${key} ${value.map(argument).join(' ')}`;
  if (typeof value !== 'object' || value === null) return `${key} ${argument(value)}`;
  const children = Object.entries(value).map(([name, one]) => `${argument(name)} ${argument(one)};`);
  return `${key} { ${children.join(' ')} }`;
}

/** KDL writes strings as JSON does, but for what JSON escapes by four digits, which does not occur here. */
function argument(value: unknown): string {
  if (typeof value === 'boolean') return `#${value}`;
  return JSON.stringify(value).replace(/[^ -~]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16)}}`;
}

import { type Static, type TObject, type TProperties, type TSchema, Type } from 'typebox';

/** Words of --log-level and of `log_level`, the quietest first. */
export const LOG_LEVELS = ['off', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A table of the file; another key in it is a mistake. */
function section<P extends TProperties>(description: string, fields: P): TObject<P> {
  return Type.Object(fields, { description, additionalProperties: false }) as unknown as TObject<P>;
}

const text = (description: string, value: string) => Type.String({ description, default: value });
const flag = (description: string, value: boolean) => Type.Boolean({ description, default: value });
const whole = (description: string, value: number, minimum: number) =>
  Type.Integer({ description, default: value, minimum });
const port = (description: string, value: number, minimum = 1) =>
  Type.Integer({ description, default: value, minimum, maximum: 65_535 });
const seconds = (description: string, value: number) =>
  Type.Number({ description: `${description} (seconds)`, default: value, exclusiveMinimum: 0 });
const maybeText = (description: string) => Type.Optional(Type.String({ description, minLength: 1 }));
const maybeWhole = (description: string, minimum: number) =>
  Type.Optional(Type.Integer({ description, minimum }));
const maybeFlag = (description: string) => Type.Optional(Type.Boolean({ description }));

const API_URL = 'http://localhost:8080/torc-service/v1';
const LogLevelField = Type.Unsafe<LogLevel>({
  type: 'string',
  enum: [...LOG_LEVELS],
  description: `log level: ${LOG_LEVELS.join(', ')}`,
  default: 'info',
});

const Run = section('torc run', {
  poll_interval: seconds('how often a runner asks for jobs', 5),
  output_dir: text('folder of what jobs and runners print', 'output'),
  database_poll_interval: whole('accepted for older files (seconds)', 30, 1),
  max_parallel_jobs: maybeWhole('jobs at a time, instead of counting resources', 1),
  num_cpus: maybeWhole('CPUs for jobs; default: all of the machine', 1),
  memory_gb: Type.Optional(
    Type.Number({ description: 'memory for jobs; default: all', exclusiveMinimum: 0 }),
  ),
  num_gpus: maybeWhole('GPUs for jobs; default: all of the machine', 0),
});

const Slurm = section('jobs on Slurm', {
  poll_interval: whole('how often runners in allocations ask for jobs (seconds)', 30, 1),
  keep_submission_scripts: flag('whether scripts of allocations stay in the output folder', false),
  strict_scheduler_match: flag('whether jobs run in allocations of their own scheduler alone', false),
});

const Partition = section('one partition', {
  name: Type.String({ minLength: 1 }),
  description: maybeText('what it is for'),
  cpus_per_node: Type.Integer({ minimum: 1 }),
  memory_mb: Type.Integer({ minimum: 1 }),
  max_walltime_secs: Type.Integer({ minimum: 1 }),
  gpus_per_node: maybeWhole('GPUs of a node', 0),
  gpu_type: maybeText('model of the GPUs'),
  gpu_memory_gb: maybeWhole('memory of a GPU', 1),
  min_nodes: maybeWhole('fewest nodes of a job', 1),
  shared: maybeFlag('whether several jobs share a node'),
  requires_explicit_request: maybeFlag('whether it is used only when a job names it'),
});

const CustomProfile = section('one cluster', {
  display_name: maybeText('its name for people'),
  description: maybeText('what it is'),
  detect_env_var: Type.Optional(
    Type.String({ description: 'NAME=VALUE of the environment there', pattern: '^[^=]+=' }),
  ),
  detect_hostname: maybeText('regular expression of its host names'),
  default_account: maybeText('account of allocations'),
  charge_factor_cpu: Type.Optional(Type.Number({ minimum: 0 })),
  charge_factor_gpu: Type.Optional(Type.Number({ minimum: 0 })),
  partitions: Type.Array(Partition),
});

const Hpc = section('clusters', {
  default_account: maybeText('account of allocations'),
  profile_overrides: Type.Optional(
    Type.Record(
      Type.String(),
      section('changes of a known cluster', { default_account: maybeText('account') }),
    ),
  ),
  custom_profiles: Type.Optional(Type.Record(Type.String(), CustomProfile)),
});

const Watch = section('torc watch', {
  poll_interval: whole('how often the workflow is looked at (seconds)', 30, 1),
  max_retries: whole('recoveries of one workflow', 3, 0),
  retry_cooldown: whole('pause between recoveries (seconds)', 60, 0),
  model: maybeText('language model of AI recovery'),
  cache_path: maybeText('where answers of the model are kept'),
  rate_limit_per_minute: whole('questions to the model', 10, 1),
  audit_log_path: maybeText('where questions and answers are logged'),
  api_key: maybeText('accepted, not used'),
});

const Client = section('torc', {
  api_url: text('address of the server', API_URL),
  format: Type.Unsafe<'table' | 'json'>({
    ...{ type: 'string', enum: ['table', 'json'], default: 'table', description: 'output: table or json' },
  }),
  log_level: LogLevelField,
  username: maybeText('who asks; default: TORC_USERNAME, else the login name'),
  run: Run,
  slurm: Slurm,
  hpc: Hpc,
  watch: Watch,
});

const Server = section('torc-server', {
  log_level: LogLevelField,
  https: flag('whether it speaks HTTPS; needs tls_key and tls_cert', false),
  tls_key: maybeText('file of the private key (PEM)'),
  tls_cert: maybeText('file of the certificate and its chain (PEM)'),
  url: text('host name or address to listen on; 0.0.0.0 for all', 'localhost'),
  port: port('port to listen on; 0: any', 8080, 0),
  threads: whole('accepted for older files: one thread does it all', 1, 1),
  database: maybeText('file of the database; default: DATABASE_URL, else torc.db'),
  auth_file: maybeText('htpasswd file of the users'),
  require_auth: flag('whether everybody must say who he is', false),
  credential_cache_ttl_secs: whole('how long a verified password is remembered; 0: not at all', 60, 0),
  enforce_access_control: flag('whether workflows are for their owners and their groups alone', false),
  completion_check_interval_secs: seconds('accepted for older files: dependents are released at once', 30),
  admin_users: Type.Array(Type.String({ minLength: 1 }), {
    description: 'who may do everything',
    default: [],
  }),
  logging: section('log files', {
    log_dir: maybeText('folder of torc-server.log; default: no file'),
    json_logs: flag('whether the file has one JSON object a line', false),
  }),
});

const Dash = section('torc-dash', {
  host: text('address to listen on', '127.0.0.1'),
  port: port('port to listen on', 8090),
  api_url: text('address of the server', API_URL),
  torc_bin: text('the torc command', 'torc'),
  torc_server_bin: text('the torc-server command', 'torc-server'),
  standalone: flag('whether it starts a server of its own', false),
  server_port: port('port of that server; 0: any', 0, 0),
  database: maybeText('file of the database of that server'),
  completion_check_interval_secs: whole('of that server (seconds)', 5, 1),
});

/** Everything that a configuration file may say, with its defaults: file schema, environment and types come from here. */
export const SETTINGS = section('Configuration of torc, torc-server and torc-dash', {
  client: Client,
  server: Server,
  dash: Dash,
});

/** What is in force: defaults filled in. */
export type Settings = Static<typeof SETTINGS>;

/** A table as it stands in a file: any part of it. */
export type Table = { [key: string]: unknown };

/** The schema of a file, in which everything may be left out. */
export function fileSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'torc configuration',
    ...(optional(JSON.parse(JSON.stringify(SETTINGS)) as JsonSchema) as object),
  };
}

interface JsonSchema {
  properties?: Record<string, JsonSchema>;
  required?: string[];
}

/** The tables that always exist need not be in the file, nor their keys. */
function optional(schema: JsonSchema): JsonSchema {
  const { required: _, properties, ...rest } = schema;
  if (properties === undefined) return schema;
  const fields = Object.entries(properties).map(([name, field]) => [name, optional(field)] as const);
  return { ...rest, properties: Object.fromEntries(fields) };
}

/** The settings when nobody has said anything. */
export function defaultSettings(): Settings {
  return defaultsOf(SETTINGS) as Settings;
}

function defaultsOf(schema: TSchema): Table {
  const { properties } = schema as unknown as { properties: Record<string, TSchema> };
  const entries = Object.entries(properties).flatMap(([name, field]) => {
    const value = 'properties' in field ? defaultsOf(field) : (field as { default?: unknown }).default;
    return value === undefined ? [] : [[name, structuredClone(value)] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * What a KDL node stands for in a specification.
 * - value: its one argument (or the property of that name)
 * - list: all its arguments, added to those of earlier nodes of the same key
 * - json: its one argument is JSON text
 * - map: its children are keys, their one argument the value
 * - object: its children and properties are the fields
 * - valueOrObject: a value where it has an argument, an object where it has none
 * - objects: the same as an object, one of a list; its argument is the name
 */
export type KdlNode =
  | { is: 'value' | 'list' | 'json' | 'map'; key: string }
  | { is: 'object' | 'valueOrObject'; key: string; fields: KdlFields }
  | { is: 'objects'; key: string; fields: KdlFields; named: boolean };

export type KdlFields = Readonly<Record<string, KdlNode>>;

type Leaf = 'value' | 'list' | 'json' | 'map';

/** Nodes that are called like the key that they stand for. */
function same(is: Leaf, ...keys: string[]): Record<string, KdlNode> {
  return Object.fromEntries(keys.map((key) => [key, { is, key }]));
}

/** Lists whose nodes may be called by one item of the list or by all: `input_file`, `input_files`. */
function either(...keys: string[]): Record<string, KdlNode> {
  return Object.fromEntries(
    keys.flatMap((key) =>
      [key, key.replace(/(?<=regex)es$|s$/, '')].map((node) => [node, { is: 'list', key }]),
    ),
  );
}

const PARAMETERISED: KdlFields = {
  ...same('map', 'parameters'),
  ...same('value', 'parameter_mode'),
  ...either('use_parameters'),
};

const REQUIREMENTS = same('value', 'num_cpus', 'num_gpus', 'num_nodes', 'memory', 'runtime');

const JOB: KdlFields = {
  ...PARAMETERISED,
  ...same('value', 'name', 'command', 'invocation_script', 'cancel_on_blocking_job_failure'),
  ...same('value', 'supports_termination', 'failure_handler', 'scheduler', 'slurm_scheduler'),
  resource_requirements: { is: 'valueOrObject', key: 'resource_requirements', fields: REQUIREMENTS },
  ...same('list', 'depends_on', 'input_user_data', 'output_user_data'),
  depends_on_job: { is: 'list', key: 'depends_on' },
  depends_on_jobs: { is: 'list', key: 'depends_on' },
  ...either('depends_on_regexes', 'input_files', 'output_files', 'input_file_regexes', 'output_file_regexes'),
  ...either('input_user_data_regexes', 'output_user_data_regexes'),
};

const FAILURE_RULE: KdlFields = {
  ...same('value', 'match_all_exit_codes', 'recovery_script', 'max_retries'),
  ...either('exit_codes'),
};

const ACTION: KdlFields = {
  ...same('value', 'trigger_type', 'action_type', 'scheduler', 'scheduler_type', 'num_allocations'),
  ...same('value', 'start_one_worker_per_node', 'max_parallel_jobs', 'persistent'),
  ...either('jobs', 'job_name_regexes', 'commands'),
};

/** The nodes of a KDL specification. */
export const WORKFLOW_NODES: KdlFields = {
  ...same(
    'value',
    'name',
    'user',
    'description',
    'jobs_sort_method',
    'job_sort_method',
    'use_pending_failed',
  ),
  ...same('value', 'compute_node_expiration_buffer_seconds', 'compute_node_wait_for_new_jobs_seconds'),
  ...same('value', 'compute_node_ignore_workflow_completion'),
  ...same('value', 'compute_node_wait_for_healthy_database_minutes'),
  ...same('map', 'parameters', 'slurm_defaults'),
  job: { is: 'objects', key: 'jobs', named: true, fields: JOB },
  file: {
    is: 'objects',
    key: 'files',
    named: true,
    fields: { ...PARAMETERISED, ...same('value', 'name', 'path') },
  },
  user_data: {
    is: 'objects',
    key: 'user_data',
    named: true,
    fields: { ...PARAMETERISED, ...same('value', 'name', 'is_ephemeral'), ...same('json', 'data') },
  },
  resource_requirements: {
    is: 'objects',
    key: 'resource_requirements',
    named: true,
    fields: { ...same('value', 'name'), ...REQUIREMENTS },
  },
  slurm_scheduler: {
    is: 'objects',
    key: 'slurm_schedulers',
    named: true,
    fields: {
      ...same(
        'value',
        'name',
        'account',
        'gres',
        'mem',
        'nodes',
        'num_nodes',
        'ntasks_per_node',
        'partition',
        'qos',
      ),
      ...same('value', 'tmp', 'walltime', 'extra'),
    },
  },
  failure_handler: {
    is: 'objects',
    key: 'failure_handlers',
    named: true,
    fields: {
      ...same('value', 'name'),
      rule: { is: 'objects', key: 'rules', named: false, fields: FAILURE_RULE },
    },
  },
  action: { is: 'objects', key: 'actions', named: false, fields: ACTION },
  resource_monitor: {
    is: 'object',
    key: 'resource_monitor',
    fields: same('value', 'enabled', 'granularity', 'sample_interval_seconds', 'generate_plots'),
  },
};

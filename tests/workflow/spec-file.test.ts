import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SchemaErrors } from '../../lib/schema-file.js';
import { parseSpec, readSpecFile } from '../../lib/workflow/spec-file.js';
import { errorOf } from './written-spec.js';

const JOB = 'name: w\njobs:\n  - name: a\n    command: b\n';

/** The syntax, what is written, and what the message says behind the file's name. */
const REFUSED: [extension: string, text: string, message: string][] = [
  [
    'yaml',
    `${JOB}    dependson: [c]\n`,
    '5:5: jobs[0].dependson: unknown key "dependson"; did you mean "depends_on"?',
  ],
  ['yaml', `${JOB}jobz: []\n`, '5:1: jobz: unknown key "jobz"; did you mean "jobs"?'],
  ['yaml', 'jobs: []\n', '1:1: missing "name"'],
  ['yaml', 'name: w\n', '1:1: missing "jobs"'],
  ['yaml', 'name: 5\njobs: []\n', '1:1: name: must be string; found 5'],
  ['yaml', 'name: w\njobs:\n  - name: a\n', '3:5: jobs[0]: missing "command"'],
  [
    'yaml',
    `${JOB}    cancel_on_blocking_job_failure: yes\n`,
    '5:5: jobs[0].cancel_on_blocking_job_failure: must be boolean',
  ],
  ['yaml', `${JOB}    parameters: {i: [1, 2]}\n`, '5:18: jobs[0].parameters.i: values are written as text'],
  ['yaml', `${JOB}    parameters: {i: 5}\n`, '5:18: jobs[0].parameters.i: values are written as text'],
  [
    'yaml',
    `${JOB}    parameter_mode: zipp\n`,
    '5:5: jobs[0].parameter_mode: expected one of product, zip; found "zipp"',
  ],
  ['yaml', `${JOB}jobs_sort_method: random\n`, '5:1: jobs_sort_method: expected one of gpus_runtime_memory,'],
  [
    'yaml',
    `${JOB}job_sort_method: none\njobs_sort_method: none\n`,
    '5:1: job_sort_method: is the older name of',
  ],
  [
    'yaml',
    `${JOB}    scheduler: a\n    slurm_scheduler: b\n`,
    '6:5: jobs[0].slurm_scheduler: is the older name',
  ],
  ['yaml', `${JOB}priority: 5\n`, '5:1: priority: unknown key'],
  [
    'yaml',
    `${JOB}resource_requirements: [{name: default}]\n`,
    '5:26: resource_requirements[0].name: the name "default"',
  ],
  ['yaml', `${JOB}slurm_schedulers: [{name: a}]\n`, '5:20: slurm_schedulers[0]: missing "account"'],
  ['yaml', `${JOB}slurm_schedulers: [{account: a}]\n`, '5:20: slurm_schedulers[0]: missing "name"'],
  [
    'yaml',
    `${JOB}actions: [{trigger_type: on_start, action_type: run_commands}]\n`,
    '5:12: actions[0].trigger_type: expected one of on_workflow_start',
  ],
  [
    'yaml',
    `${JOB}actions: [{trigger_type: on_jobs_ready, action_type: mail}]\n`,
    '5:41: actions[0].action_type: expected one of run_commands, schedule_nodes',
  ],
  [
    'yaml',
    `${JOB}failure_handlers: [{name: h, rules: [{exit_code: 1}]}]\n`,
    '5:39: failure_handlers[0].rules[0].exit_code: unknown key "exit_code"; did you mean "exit_codes"?',
  ],
  ['yaml', 'name: w\njobs: [\n', '3:1: Flow sequence'],
  ['yaml', '', '1:1: must be object; found null'],
  ['yml', '- a\n', '1:1: must be object; found ["a"]'],
  [
    'json',
    '{"name": "w",\n "jobs": [],}',
    '2:13: no JSON: expected another item behind the comma, found "}"',
  ],
  ['json', "{'name': 'w'}", '1:2: no JSON: expected a key in double quotes'],
  ['json', '{"name": "w",\n "jobs": [{"name": "a", "comand": "b"}]}', '2:11: jobs[0]: missing "command"'],
  ['json', '{"name": "w",\n "name": "v", "jobs": []}', '2:2: key "name" stands here twice'],
  ['json', '// w\n{}', '1:1: '],
  ['json', '{"name": "w"', '1:13: no JSON: expected "," or "}", the text ends'],
  [
    'json5',
    '{name: "w", // c\n jobs: [{name: "a", command: 5}],}',
    '2:21: jobs[0].command: must be string; found 5',
  ],
  ['json5', '{name: "w" jobs: []}', '1:12: no JSON5: expected "," or "}", found "j"'],
  ['json5', '{name: w}', '1:8: "w" is no JSON5'],
  [
    'kdl',
    'name w\njob a {\n  command b\n  dependson c\n}\n',
    '4:3: unknown node "dependson"; did you mean "depends_on"?',
  ],
  ['kdl', 'name w\nJobs {}\n', '2:1: unknown node "Jobs"; did you mean "job"?'],
  ['kdl', 'name w\njob a {\n  command 5\n}\n', '3:3: jobs[0].command: must be string; found 5'],
  ['kdl', 'name w\njob a\n', '2:1: jobs[0]: missing "command"'],
  ['kdl', 'name w\nname v\n', '2:1: name stands here twice'],
  ['kdl', 'name\n', '1:1: name has no value'],
  ['kdl', 'name w v\n', '1:8: name has one value only'],
  ['kdl', 'name w { a 1; }\n', '1:10: name has values, and nothing else'],
  ['kdl', 'name w\njob a b {\n  command c\n}\n', '2:7: job has one name'],
  ['kdl', 'name w\naction a {\n}\n', '2:8: action has no name'],
  ['kdl', 'name w\njob a depends_on=b\n', '2:7: write depends_on in braces'],
  ['kdl', 'name w\nuser_data u {\n  data "{"\n}\n', '3:3: data must be a string of JSON'],
  ['kdl', 'name w\nuser_data u {\n  data 5\n}\n', '3:3: data must be a string of JSON; found 5'],
  ['kdl', 'name w\nparameters {\n  i 5\n}\n', '3:3: parameters.i: values are written as text'],
  ['kdl', 'name w\nparameters {\n  i "1"\n  i "2"\n}\n', '4:3: i stands here twice'],
  ['kdl', 'name w\njob a command=true\n', '2:19: no KDL: Invalid keyword "true"'],
  ['kdl', 'name w\njob a {\n', '3:1: no KDL: '],
  ['txt', 'name w\njob a {\n', '3:1: neither JSON, JSON5, YAML nor KDL: no KDL: '],
  ['', 'just words', '1:1: '],
  ['json', `{"name": "w", "jobs": [], "a\\nb\\u001b": 1}`, '1:27: a\\nb\\u{1b}: unknown key "a\\nb\\u{1b}"'],
  ['yaml', `name: w\njobs: ${'x'.repeat(500)}\n`, `2:1: jobs: must be array; found "${'x'.repeat(119)}…`],
];

t.test('errors name file, line, column and key', async (t) => {
  for (const [extension, text, message] of REFUSED) {
    const file = extension === '' ? 'spec' : `spec.${extension}`;
    const error = errorOf(() => parseSpec(text, file));
    t.equal(error?.code, 'bad-spec', message);
    t.equal(error?.message.slice(0, file.length + 1 + message.length), `${file}:${message}`);
    t.notMatch(error?.message, /\n/);
    t.equal(error?.exitCode, 1);
  }
});

t.test('all that the schema has against a file is told', async (t) => {
  const error = errorOf(() => parseSpec(`${JOB}    dependson: c\n    comand: d\n`, 'x.yaml'));
  t.ok(error instanceof SchemaErrors);
  t.same(error instanceof SchemaErrors && error.others.map(({ message }) => message), [
    'x.yaml:6:5: jobs[0].comand: unknown key "comand"; did you mean "command"?',
  ]);
});

t.test('a file that cannot be read', async (t) => {
  const folder = t.testdir({});
  t.match(
    errorOf(() => readSpecFile(join(folder, 'none.yaml'))),
    { code: 'bad-spec', message: /cannot read workflow specification .*ENOENT/ },
  );
  t.match(
    errorOf(() => readSpecFile(folder)),
    { code: 'bad-spec', message: /EISDIR/ },
  );
});

/** Everything that can be written, in the four syntaxes. */
const YAML = `
name: all
user: somebody
description: everything
parameters: {i: "1:2"}
compute_node_expiration_buffer_seconds: 10
compute_node_wait_for_new_jobs_seconds: 0
compute_node_ignore_workflow_completion: true
compute_node_wait_for_healthy_database_minutes: 5
jobs_sort_method: none
use_pending_failed: true
jobs:
  - name: a_{i}
    command: "echo {i}"
    invocation_script: "bash run.sh"
    cancel_on_blocking_job_failure: false
    supports_termination: true
    resource_requirements: small
    failure_handler: h
    scheduler: s
    use_parameters: [i]
  - name: b
    command: c
    depends_on: [a_1, a_2]
    depends_on_regexes: [^a]
    input_files: [f]
    input_file_regexes: [f]
    output_files: [g_1, g_2]
    output_file_regexes: [g]
    input_user_data: [u]
    input_user_data_regexes: [^u]
    output_user_data: [v]
    output_user_data_regexes: [^v]
    parameters: {k: "[1]"}
    parameter_mode: zip
files:
  - {name: f, path: f.txt}
  - {name: "g_{j}", path: "g{j}", parameters: {j: "1:2"}}
user_data:
  - {name: u, data: {x: [1, null, "y"]}, is_ephemeral: true}
  - {name: v}
resource_requirements:
  - {name: small, num_cpus: 2, num_gpus: 1, num_nodes: 1, memory: 2g, runtime: PT5M}
failure_handlers:
  - name: h
    rules:
      - {exit_codes: [1, 2], recovery_script: fix, max_retries: 1}
      - {match_all_exit_codes: true}
slurm_schedulers:
  - {name: s, account: acc, gres: "gpu:1", mem: 4G, nodes: 1, ntasks_per_node: 2, partition: p, qos: q, tmp: 1G, walltime: "1-00:00:00", extra: --x}
slurm_defaults: {constraint: avx, requeue: true, nice: 5}
actions:
  - {trigger_type: on_workflow_start, action_type: run_commands, commands: [x, y]}
  - {trigger_type: on_jobs_ready, action_type: schedule_nodes, jobs: [b], job_name_regexes: [a], scheduler: s, scheduler_type: slurm, num_allocations: 2, start_one_worker_per_node: true, max_parallel_jobs: 3, persistent: true}
resource_monitor: {enabled: true, granularity: time_series, sample_interval_seconds: 2, generate_plots: false}
`;

const KDL = String.raw`
name all
user somebody
description everything
parameters { i "1:2"; }
compute_node_expiration_buffer_seconds 10
compute_node_wait_for_new_jobs_seconds 0
compute_node_ignore_workflow_completion #true
compute_node_wait_for_healthy_database_minutes 5
jobs_sort_method none
use_pending_failed #true
job "a_{i}" {
  command "echo {i}"
  invocation_script "bash run.sh"
  cancel_on_blocking_job_failure #false
  supports_termination #true
  resource_requirements small
  failure_handler h
  slurm_scheduler s
  use_parameters i
}
job b {
  command c
  depends_on_job a_1
  depends_on a_2
  depends_on_regexes ^a
  input_file f
  input_file_regexes f
  output_files g_1 g_2
  output_file_regex g
  input_user_data u
  input_user_data_regexes ^u
  output_user_data v
  output_user_data_regexes ^v
  parameters k="[1]"
  parameter_mode zip
}
file f path="f.txt"
file "g_{j}" { path "g{j}"; parameters { j "1:2"; }; }
user_data u { is_ephemeral #true; data "{\"x\": [1, null, \"y\"]}"; }
user_data v
resource_requirements small { num_cpus 2; num_gpus 1; num_nodes 1; memory "2g"; runtime PT5M; }
failure_handler h {
  rule { exit_codes 1 2; recovery_script fix; max_retries 1; }
  rule { match_all_exit_codes #true; }
}
slurm_scheduler s {
  account acc; gres "gpu:1"; mem "4G"; nodes 1; ntasks_per_node 2; partition p; qos q; tmp "1G"
  walltime "1-00:00:00"; extra --x
}
slurm_defaults { constraint avx; requeue #true; nice 5; }
action { trigger_type on_workflow_start; action_type run_commands; command x; command y; }
action {
  trigger_type on_jobs_ready; action_type schedule_nodes; job b; job_name_regexes a; scheduler s
  scheduler_type slurm; num_allocations 2; start_one_worker_per_node #true; max_parallel_jobs 3; persistent #true
}
resource_monitor { enabled #true; granularity time_series; sample_interval_seconds 2; generate_plots #false; }
`;

t.test('the same in four syntaxes', async (t) => {
  const { spec } = parseSpec(YAML, 'w.yaml');
  const json = JSON.stringify(spec, null, 2);
  t.same(parseSpec(json, 'w.json').spec, spec, 'JSON');
  t.same(parseSpec(`// all\n${json.replace(/"(\w+)":/g, '$1:')}`, 'w.JSON5').spec, spec, 'JSON5');
  t.same(parseSpec(KDL, 'w.kdl').spec, spec, 'KDL');
  for (const [what, text] of Object.entries({
    YAML,
    json,
    json5: `{a:1,${json.slice(1)}`.replace('a:1,', ''),
    KDL,
  })) {
    t.same(parseSpec(text, 'w.workflow').spec, spec, `${what} without its extension`);
    t.same(parseSpec(`\uFEFF${text}`, 'w').spec, spec, `${what} with a byte order mark`);
  }
});

t.test('older forms', async (t) => {
  const { spec } = parseSpec(
    `job_sort_method: none
name: w
jobs:
  - {name: a, command: b, slurm_scheduler: s, resource_requirements: {num_cpus: 2, memory: 1g}}
  - {name: c, command: d, resource_requirements: {memory: 1g, num_cpus: 2}}
  - {name: e, command: f, resource_requirements: {num_cpus: 3}}
resource_requirements: [{name: inline_2}]
slurm_schedulers: [{name: s, account: x, num_nodes: 5}]
`,
    'w.yaml',
  );
  t.equal(spec.jobs_sort_method, 'none');
  t.same(spec.jobs, [
    { name: 'a', command: 'b', scheduler: 's', resource_requirements: 'inline_1' },
    { name: 'c', command: 'd', resource_requirements: 'inline_1' },
    { name: 'e', command: 'f', resource_requirements: 'inline_3' },
  ]);
  t.same(spec.resource_requirements, [
    { name: 'inline_2' },
    { name: 'inline_1', num_cpus: 2, memory: '1g' },
    { name: 'inline_3', num_cpus: 3 },
  ]);
  t.same(spec.slurm_schedulers, [{ name: 's', account: 'x', nodes: 5 }]);
});

t.test('requirements inside a job, in KDL', async (t) => {
  const text =
    'name w\njob a { command b; resource_requirements num_cpus=2 { memory "1g"; }; }\njob c { command d; resource_requirements r; }\n';
  const { spec } = parseSpec(text, 'w.kdl');
  t.same(spec.resource_requirements, [{ name: 'inline_1', num_cpus: 2, memory: '1g' }]);
  t.same(
    spec.jobs.map((job) => job.resource_requirements),
    ['inline_1', 'r'],
  );
});

t.test('a key without a value says nothing', async (t) => {
  const { spec } = parseSpec(
    `${JOB}    depends_on:\ndescription:\nuser_data: [{name: u, data: null}]\n`,
    'w.yaml',
  );
  t.same(spec, { name: 'w', jobs: [{ name: 'a', command: 'b' }], user_data: [{ name: 'u' }] });
});

t.test('a file is read by its extension', async (t) => {
  const folder = t.testdir({});
  const file = join(folder, 'w.KDL');
  writeFileSync(file, 'name w\n');
  t.same(readSpecFile(file).spec, { name: 'w', jobs: [] });
});

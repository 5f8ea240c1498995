import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { validateSpec } from '../../lib/workflow/validate.js';
import { resultOf } from './written-spec.js';

const JOBS = 'name: w\njobs:\n';

/** What is written below `jobs:`, and the errors without the file's name. */
const INVALID: [text: string, errors: string[]][] = [
  [
    '  - {name: preprocess, command: c}\n  - {name: b, command: c, depends_on: [preproces]}\n',
    [`4:27: jobs[1].depends_on: Job 'b' depends_on non-existent job 'preproces'; did you mean "preprocess"?`],
  ],
  [
    '  - {name: a, command: c, resource_requirements: big, scheduler: s, failure_handler: h}\n',
    [
      "3:27: jobs[0].resource_requirements: Job 'a' references non-existent resource_requirements 'big'",
      "3:69: jobs[0].failure_handler: Job 'a' references non-existent failure_handler 'h'",
      "3:55: jobs[0].scheduler: Job 'a' references non-existent scheduler 's'",
    ],
  ],
  [
    '  - {name: a, command: c, input_files: [f], output_files: [g], input_user_data: [u], output_user_data: [v]}\n',
    [
      "3:45: jobs[0].output_files: Job 'a' output_files references non-existent file 'g'",
      "3:86: jobs[0].output_user_data: Job 'a' output_user_data references non-existent user_data 'v'",
      "3:27: jobs[0].input_files: Job 'a' input_files references non-existent file 'f'",
      "3:64: jobs[0].input_user_data: Job 'a' input_user_data references non-existent user_data 'u'",
    ],
  ],
  [
    `  - {name: a, command: "$\{files.input.f} $\{user_data.output.u}"}\n`,
    [
      "3:15: jobs[0].command: Job 'a' command references non-existent file 'f'",
      "3:15: jobs[0].command: Job 'a' command references non-existent user_data 'u'",
    ],
  ],
  [
    '  - {name: a, command: c}\n  - {name: a, command: c}\nfiles: [{name: f, path: p}, {name: f, path: q}]\nuser_data: [{name: u}, {name: u}]\nresource_requirements: [{name: r}, {name: r}]\nslurm_schedulers: [{name: s, account: x}, {name: s, account: x}]\nfailure_handlers: [{name: h, rules: []}, {name: h, rules: []}]\n',
    [
      "4:6: jobs[1].name: Duplicate job name: 'a'",
      "5:30: files[1].name: Duplicate file name: 'f'",
      "6:25: user_data[1].name: Duplicate user_data name: 'u'",
      "7:37: resource_requirements[1].name: Duplicate resource_requirements name: 'r'",
      "9:43: failure_handlers[1].name: Duplicate failure_handler name: 'h'",
      "8:44: slurm_schedulers[1].name: Duplicate scheduler name: 's'",
    ],
  ],
  [
    '  - {name: "a_{x:.1f}", command: "{x}", parameters: {x: "[0.11, 0.12]"}}\n',
    ["3:6: jobs[0].name: Duplicate job name: 'a_0.1'"],
  ],
  [
    '  - {name: a, command: "echo {i}", parameters: {i: "1:3"}}\n',
    [
      `3:15: jobs[0].command: 'a' would have several: "echo 1", "echo 2", …; what varies in it must stand in the name too`,
    ],
  ],
  [
    '  - {name: a, command: c, use_parameters: [lr]}\nparameters: {rl: "1:2", lrs: "1:2"}\n',
    [`3:44: jobs[0].use_parameters[0]: the workflow has no parameter 'lr'`],
  ],
  [
    '  - {name: "a{i}", command: c, parameters: {i: "1:2:0"}}\n',
    [
      '3:45: jobs[0].parameters.i: invalid parameter values "1:2:0": expected a step other than zero: Step cannot be zero',
    ],
  ],
  [
    `  - {name: "a{i}{k}", command: c, parameter_mode: zip, parameters: {i: "1:3", k: "1:2"}}\n`,
    [
      "3:35: jobs[0].parameter_mode: All parameters must have the same number of values when using 'zip' mode. Parameter 'i' has 3 values, but 'k' has 2 values.",
    ],
  ],
  [
    '  - {name: "a{i}{k}", command: c, parameters: {i: "1:2000", k: "1:2000"}}\n',
    [
      '3:35: jobs[0].parameters: invalid parameters "i, k": expected at most 1000000 combinations of values, not 4000000',
    ],
  ],
  [
    '  - {name: a, command: c, depends_on_regexes: ["^b", "(", a], input_file_regexes: [f]}\n',
    [
      "3:63: jobs[0].input_file_regexes: Input file regex 'f' did not match any names for job 'a'",
      "3:27: jobs[0].depends_on_regexes: Blocking job regex '^b' did not match any jobs for job 'a'",
      `3:27: jobs[0].depends_on_regexes: Job 'a' depends_on_regexes: invalid regular expression "(": expected one that can be read; Unterminated group`,
      "3:27: jobs[0].depends_on_regexes: Blocking job regex 'a' did not match any jobs for job 'a'",
    ],
  ],
  [
    '  - {name: a, command: c, depends_on: [c]}\n  - {name: b, command: c, depends_on: [a]}\n  - {name: c, command: c, depends_on_regexes: [b]}\n  - {name: d, command: c, depends_on: [c]}\n',
    [
      "3:5: jobs[0]: Circular dependency detected involving jobs: 'a', 'b', 'c'; 'a' → 'b' (depends_on) → 'c' (depends_on) → 'a' (depends_on)",
    ],
  ],
  [
    '  - {name: a, command: c, input_files: [g], output_files: [f]}\n  - {name: b, command: c, input_files: [f], output_files: [g]}\nfiles: [{name: f, path: f}, {name: g, path: g}]\n',
    ["Circular dependency detected involving jobs: 'a', 'b'; 'a' → 'b' (file f) → 'a' (file g)"],
  ],
  ['  - {name: a, command: c, depends_on: [a]}\n', ["Circular dependency detected involving jobs: 'a'"]],
  [
    '  []\nresource_requirements: [{name: r, memory: 5GB, runtime: 1h}]\nslurm_schedulers: [{name: s, account: a, walltime: soon}]\n',
    [
      '4:35: resource_requirements[0].memory: invalid memory size "5GB": expected',
      '4:48: resource_requirements[0].runtime: invalid duration "1h": expected',
      '5:42: slurm_schedulers[0].walltime: invalid time "soon"',
    ],
  ],
  [
    '  []\nslurm_defaults: {Partition: p, mem: 1G, qos: high}\n',
    [
      '4:18: slurm_defaults.Partition: slurm_defaults contains excluded parameters managed by torc: Partition, mem',
    ],
  ],
  [
    `  - {name: work, command: c}
actions:
  - {trigger_type: on_workflow_start, action_type: run_commands}
  - {trigger_type: on_workflow_start, action_type: schedule_nodes}
  - {trigger_type: on_workflow_start, action_type: schedule_nodes, scheduler: s, scheduler_type: slurm}
  - {trigger_type: on_jobs_ready, action_type: run_commands, commands: [x], jobs: [wrk]}
  - {trigger_type: on_jobs_ready, action_type: run_commands, commands: [x], job_name_regexes: [zz]}
`,
    [
      '5:5: actions[0]: Action #1 (run_commands): run_commands action requires commands',
      '6:5: actions[1]: Action #2 (schedule_nodes): schedule_nodes action requires scheduler_type',
      '6:5: actions[1]: Action #2 (schedule_nodes): schedule_nodes action requires scheduler',
      '7:5: actions[2]: Action #3 (schedule_nodes): schedule_nodes action requires slurm_schedulers to be defined',
      `8:77: actions[3].jobs: Action #4 (run_commands) references non-existent job 'wrk'; did you mean "work"?`,
      '9:5: actions[4]: Action #5 (run_commands): Action did not match any jobs',
    ],
  ],
  [
    `  []
slurm_schedulers: [{name: gpu, account: a}]
actions: [{trigger_type: on_workflow_start, action_type: schedule_nodes, scheduler: gpus, scheduler_type: slurm}]
`,
    [
      `5:74: actions[0].scheduler: Action #1 (schedule_nodes) references non-existent scheduler 'gpus'; did you mean "gpu"?`,
    ],
  ],
  [
    '  - {name: "a\\nb", command: c, depends_on: ["x\\ny"]}\n',
    ["Job 'a\\nb' depends_on non-existent job 'x\\ny'"],
  ],
];

t.test('all errors are told, with their places', async (t) => {
  for (const [text, errors] of INVALID) {
    const result = resultOf(JOBS + text);
    t.equal(result.valid, false);
    t.equal(result.errors.length, errors.length, 'as many errors');
    for (const [place, error] of errors.entries()) {
      const found = result.errors[place]?.replace('my.yaml:', '') ?? '';
      const expected = /^\d/.test(error) ? found.slice(0, error.length) : error;
      t.equal(expected, error);
      if (!/^\d/.test(error)) t.ok(found.includes(error), 'the message is among it');
      t.notMatch(found, /\n/);
    }
  }
});

t.test('what a file comes to', async (t) => {
  const folder = t.testdir({});
  const file = join(folder, 'w.yaml');
  writeFileSync(
    file,
    `name: w
description: d
jobs: [{name: "a{i}", command: c, parameters: {i: "1:3"}}, {name: b, command: c, scheduler: s}]
files: [{name: "f{i}", path: p, parameters: {i: "1:2"}}]
user_data: [{name: u}]
resource_requirements: [{name: r}]
slurm_schedulers: [{name: s, account: x}]
actions: [{trigger_type: on_workflow_start, action_type: schedule_nodes, scheduler: s, scheduler_type: slurm}]
`,
  );
  t.same(validateSpec(file), {
    valid: true,
    errors: [],
    warnings: [],
    summary: {
      workflow_name: 'w',
      workflow_description: 'd',
      job_count: 4,
      job_count_before_expansion: 2,
      file_count: 2,
      file_count_before_expansion: 1,
      user_data_count: 1,
      resource_requirements_count: 1,
      slurm_scheduler_count: 1,
      action_count: 1,
      has_schedule_nodes_action: true,
      job_names: ['a1', 'a2', 'a3', 'b'],
      scheduler_names: ['s'],
    },
  });
});

t.test('a file that cannot be read has an empty summary', async (t) => {
  const folder = t.testdir({ 'w.yaml': 'nam: w\njobz: []\n' });
  const result = validateSpec(join(folder, 'w.yaml'));
  t.equal(result.valid, false);
  t.equal(result.errors.length, 4, 'two keys are missing, two unknown');
  for (const error of result.errors)
    t.match(error, /^Failed to parse specification file: .*w\.yaml:\d+:\d+: /);
  t.match(result.summary, { workflow_name: '', job_count: 0, job_names: [] });
  t.match(validateSpec(join(folder, 'none.yaml')).errors, [
    /^Failed to parse specification file: cannot read/,
  ]);
});

const SCHEDULERS = `slurm_schedulers:
  - {name: a, account: x, mem: 1G, walltime: "01:00:00"}
  - {name: b, account: x, mem: 2G, walltime: "02:00:00"}
  - {name: c, account: x, mem: 2G, walltime: "02:00:00"}
`;
const TEN = '  - {name: "j{i}", command: c, parameters: {i: "1:10"}}\n';

t.test('schedulers that differ while nothing says who gets which', async (t) => {
  const { valid, warnings } = resultOf(JOBS + TEN + SCHEDULERS);
  t.equal(valid, true);
  t.same(warnings, [
    'Workflow has 3 schedulers with different memory (mem), walltime but 10 job(s) have no explicit scheduler ' +
      "assignment and jobs_sort_method is not set. The default sort method 'gpus_runtime_memory' will be used (jobs " +
      "sorted by GPUs, then runtime, then memory). If this doesn't match your workload, consider setting " +
      "jobs_sort_method explicitly to 'gpus_memory_runtime' (prioritize memory over runtime) or 'none' (no sorting).",
  ]);
  const quiet = [
    `${JOBS}${TEN}${SCHEDULERS}jobs_sort_method: none\n`,
    `${JOBS}${TEN.replace('command', 'scheduler: a, command')}${SCHEDULERS}`,
    `${JOBS}${TEN}slurm_schedulers: [{name: a, account: x}, {name: b, account: y}]\n`,
  ];
  for (const text of quiet) t.same(resultOf(text).warnings, []);
});

t.test('other warnings', async (t) => {
  const warningsOf = (text: string) => resultOf(JOBS + text).warnings;
  t.match(warningsOf('  - {name: "a{i}", command: c, parameters: {i: "[]"}}\n'), [/stands for nothing/]);
  t.match(warningsOf('  []\nslurm_defaults: {a: [1], b: null, c: 5}\n'), [
    /: a is neither/,
    /: b is neither/,
  ]);
  t.match(warningsOf('  - {name: "a{l:.4f}", command: c, parameters: {l: "0.0001:0.01:10"}}\n'), [
    /logarithmic/,
  ]);
});

t.test('allocations of several nodes need jobs for them', async (t) => {
  const text = (more: string, action: string, nodes: number) => `${JOBS}  - {name: a, command: c, ${more}}
resource_requirements: [{name: two, num_nodes: ${nodes}}]
slurm_schedulers: [{name: s, account: x, nodes: 2}]
actions: [{trigger_type: on_workflow_start, action_type: schedule_nodes, scheduler: s, scheduler_type: slurm${action}}]
`;
  const invalid = resultOf(text('scheduler: s', '', 2));
  t.match(invalid.errors, [
    /^my\.yaml:6:11: actions\[0\]: Scheduler node validation failed: .*'s' allocates 2 nodes/,
  ]);
  const valid = [
    text('scheduler: s, resource_requirements: two', '', 2),
    text('scheduler: s', ', start_one_worker_per_node: true', 2),
    text('cancel_on_blocking_job_failure: true', '', 2),
  ];
  for (const one of valid) t.same(resultOf(one).errors, []);
  t.equal(resultOf(text('scheduler: s, resource_requirements: two', '', 3)).valid, false);
});

import fc from 'fast-check';
import t from 'tap';
import { errorOf, jobOf, modelOf, modelOfJobs, namesOf } from './written-spec.js';

fc.configureGlobal({ seed: 20260116 });

t.test('a job without parameters stands for itself, with all defaults decided', async (t) => {
  const model = modelOf('name: w\ndescription: d\nuser: u\njobs: [{name: "a{i}", command: "echo {i}"}]');
  t.same(model, {
    settings: { name: 'w', description: 'd' },
    jobs: [
      {
        name: 'a{i}',
        command: 'echo {i}',
        invocationScript: null,
        cancelOnBlockingJobFailure: true,
        supportsTermination: false,
        resourceRequirements: null,
        failureHandler: null,
        scheduler: null,
        dependsOn: [],
        inputFiles: [],
        outputFiles: [],
        inputUserData: [],
        outputUserData: [],
      },
    ],
    files: [],
    userData: [],
    resourceRequirements: [],
    failureHandlers: [],
    slurmSchedulers: [],
    actions: [],
  });
  const { resourceRequirements } = modelOf('name: w\njobs: []\nresource_requirements: [{name: r}]');
  t.same(resourceRequirements, [
    { name: 'r', num_cpus: 1, num_gpus: 0, num_nodes: 1, memory: '1m', runtime: 'PT1H' },
  ]);
});

/** One job, and the names of what it stands for. */
const NAMES: [job: string, names: string][] = [
  ['{name: "j_{i:03d}", command: c, parameters: {i: "9:11"}}', 'j_009 j_010 j_011'],
  ['{name: "j_{a}_{b}", command: c, parameters: {b: "[1, 2]", a: "[x, y]"}}', 'j_x_1 j_y_1 j_x_2 j_y_2'],
  ['{name: "j_{a}_{b}", command: c, parameters: {a: "[x, y]", b: "[1, 2]"}}', 'j_x_1 j_x_2 j_y_1 j_y_2'],
  [
    '{name: "j_{a}_{b}", command: c, parameters: {a: "[x, y]", b: "[1, 2]"}, parameter_mode: zip}',
    'j_x_1 j_y_2',
  ],
  ['{name: "lr{l:.4f}", command: c, parameters: {l: "[0.0001,0.001,0.01]"}}', 'lr0.0001 lr0.0010 lr0.0100'],
  ['{name: "t_{t:.2f}", command: c, parameters: {t: "0.1:0.5:0.1"}}', 't_0.10 t_0.20 t_0.30 t_0.40 t_0.50'],
  [`{name: "{i}_{i:02d}_{x}_$\{i}", command: c, parameters: {i: "1:2"}}`, `1_01_{x}_$\{i} 2_02_{x}_$\{i}`],
  ['{name: "j_{s}", command: c, use_parameters: [s]}', 'j_1 j_2 j_3'],
  ['{name: "j_{s}", command: c, use_parameters: [s], parameters: {s: "[8, 9]"}}', 'j_8 j_9'],
  [
    '{name: "j_{s}_{i}", command: c, use_parameters: [s], parameters: {i: "[8, 9]"}}',
    'j_1_8 j_1_9 j_2_8 j_2_9 j_3_8 j_3_9',
  ],
  ['{name: "j", command: c, use_parameters: [s]}', 'j'],
  ['{name: "j", command: c, parameters: {i: "[]"}}', ''],
  ['{name: "j_{i}", command: c, parameters: {i: "5:1"}}', ''],
  ['{name: "j_{s}", command: c}', 'j_{s}'],
];

t.test('names', async (t) => {
  for (const [job, names] of NAMES) {
    t.equal(namesOf(modelOfJobs(`  - ${job}`, 'parameters: {s: "1:3"}')).join(' '), names, job);
  }
});

t.test('every text of a job is written out', async (t) => {
  const model = modelOfJobs(
    `  - name: "j_{i}"
    command: "echo {i} {i:02d} $\{i} '{k: 1}' {i:x}"
    invocation_script: "run {i}"
    resource_requirements: "r_{i}"
    failure_handler: "h_{i}"
    scheduler: "s_{i}"
    depends_on: ["k_{i}"]
    input_files: ["f_{i}"]
    output_user_data: ["u_{i}"]
    parameters: {i: "[5]"}
  - {name: k_5, command: c}`,
    `resource_requirements: [{name: r_5}]
failure_handlers: [{name: h_5, rules: []}]
slurm_schedulers: [{name: s_5, account: a}]
files: [{name: f_5, path: p}]
user_data: [{name: u_5}]`,
  );
  t.match(jobOf(model, 'j_5'), {
    command: `echo 5 05 $\{i} '{k: 1}' 5`,
    invocationScript: 'run 5',
    resourceRequirements: 'r_5',
    failureHandler: 'h_5',
    scheduler: 's_5',
    dependsOn: ['k_5'],
    inputFiles: ['f_5'],
    outputUserData: ['u_5'],
  });
});

const FILES = 'files: [{name: "f_{a}_{b}", path: "p{a}{b}", parameters: {a: "1:2", b: "[x, y]"}}]';
const WRITERS =
  '  - {name: "w_{a}_{b}", command: c, output_files: ["f_{a}_{b}"], parameters: {a: "1:2", b: "[x, y]"}}\n';

t.test('a job whose name does not vary collects what its combinations say', async (t) => {
  const all = modelOfJobs(
    `${WRITERS}  - {name: all, command: c, depends_on: ["w_{a}_{b}"], input_files: ["f_{a}_{b}"], parameters: {a: "1:2", b: "[x, y]"}}`,
    FILES,
  );
  t.same(jobOf(all, 'all').dependsOn, ['w_1_x', 'w_1_y', 'w_2_x', 'w_2_y']);
  t.same(jobOf(all, 'all').inputFiles, ['f_1_x', 'f_1_y', 'f_2_x', 'f_2_y']);
  t.equal(all.jobs.length, 5);

  const some = modelOfJobs(
    `${WRITERS}  - {name: "of_{b}", command: "cat $\{files.input.f_{a}_{b}} for {b}", parameters: {a: "1:2", b: "[x, y]"}}`,
    FILES,
  );
  t.match(jobOf(some, 'of_x'), { command: 'cat p1x p2x for x', inputFiles: ['f_1_x', 'f_2_x'] });
  t.match(jobOf(some, 'of_y'), { command: 'cat p1y p2y for y', inputFiles: ['f_1_y', 'f_2_y'] });
  t.equal(some.jobs.length, 6);
});

t.test('user data is written out, too', async (t) => {
  const { userData } = modelOf(
    'name: w\njobs: []\nuser_data: [{name: "c_{e}", is_ephemeral: true, data: {"{e}": ["{e}", 1, null, {k: "x{e}"}]}, parameters: {e: "[a, b]"}}, {name: n}]',
  );
  t.same(userData, [
    { name: 'c_a', data: { '{e}': ['a', 1, null, { k: 'xa' }] }, isEphemeral: true },
    { name: 'c_b', data: { '{e}': ['b', 1, null, { k: 'xb' }] }, isEphemeral: true },
    { name: 'n', data: undefined, isEphemeral: false },
  ]);
});

t.test('patterns', async (t) => {
  const model = modelOfJobs(
    `  - {name: "a_{i}", command: c, output_file_regexes: ["^f{i}$"], parameters: {i: "1:2"}}
  - {name: all, command: c, depends_on: [a_2], depends_on_regexes: ["^a", "."], input_file_regexes: ["(?i)F"]}
  - {name: own, command: c, output_files: [f1], input_file_regexes: [f], input_user_data_regexes: [u], output_user_data: [u1]}`,
    'files: [{name: f1, path: p}, {name: f2, path: p}]\nuser_data: [{name: u1}, {name: u2}]',
  );
  t.same(jobOf(model, 'a_1').outputFiles, ['f1']);
  t.same(
    jobOf(model, 'all').dependsOn,
    ['a_2', 'a_1', 'own'],
    'explicit ones first, each once, never itself',
  );
  t.same(jobOf(model, 'all').inputFiles, ['f1', 'f2']);
  t.same(jobOf(model, 'own').inputFiles, ['f2'], 'not what it writes itself');
  t.same(jobOf(model, 'own').inputUserData, ['u2']);
});

t.test('variables', async (t) => {
  const model = modelOfJobs(
    `  - name: a
    command: "x $\{files.input.f} $\{files.output.g} $\{user_data.input.u} $\{user_data.output.v} $\{HOME} $\{files}"
    invocation_script: "y $\{files.input.h}"
    input_files: [h]
  - {name: b, command: 'get $\{user_data.input.v_$i} $\{user_data.input.v_$(seq 1)} $\{user_data.input.v_$\{n}}'}`,
    `files: [{name: f, path: dir/f.txt}, {name: g, path: g}, {name: h, path: "a b"}]
user_data: [{name: u, data: {k: [1, "x"]}}, {name: v}, {name: v_1}, {name: v_2}, {name: v_3, data: 1}]`,
  );
  t.match(jobOf(model, 'a'), {
    command: `x dir/f.txt g {"k":[1,"x"]} v $\{HOME} $\{files}`,
    invocationScript: 'y a b',
    inputFiles: ['h', 'f'],
    outputFiles: ['g'],
    inputUserData: ['u'],
    outputUserData: ['v'],
  });
  t.same(jobOf(model, 'b').inputUserData, ['v_1', 'v_2'], 'what the shell may make of it, of data to come');
  t.equal(jobOf(model, 'b').command, `get v_$i v_$(seq 1) v_$\{n}`);
});

t.test('actions', async (t) => {
  const { actions } = modelOf(`
name: w
jobs: [{name: "a_{i}", command: c, parameters: {i: "1:3"}}, {name: b, command: c}]
actions:
  - {trigger_type: on_jobs_ready, action_type: run_commands, commands: [x], jobs: [b], job_name_regexes: ["[12]$"]}
  - {trigger_type: on_worker_start, action_type: run_commands, commands: [y], persistent: true}
`);
  t.same(actions, [
    {
      trigger_type: 'on_jobs_ready',
      action_type: 'run_commands',
      commands: ['x'],
      jobs: ['b', 'a_1', 'a_2'],
    },
    {
      trigger_type: 'on_worker_start',
      action_type: 'run_commands',
      commands: ['y'],
      persistent: true,
      jobs: null,
    },
  ]);
});

t.test('the first problem is the error, and its hint says how many there are', async (t) => {
  const error = errorOf(() =>
    modelOfJobs(
      '  - {name: a, command: c, depends_on: [fetsh, x]}\n  - {name: fetch, command: c, scheduler: s}',
    ),
  );
  t.equal(error?.code, 'bad-spec');
  t.equal(
    error?.message,
    `my.yaml:4:27: jobs[0].depends_on: Job 'a' depends_on non-existent job 'fetsh'; did you mean "fetch"?`,
  );
  t.equal(error?.hint, '2 more: see them all with --dry-run');
  const one = errorOf(() => modelOfJobs('  - {name: a, command: c, scheduler: s}'));
  t.equal(one?.hint, null);
});

t.test('the check of allocations of several nodes can be left out', async (t) => {
  const text = `
name: w
jobs: [{name: a, command: c, scheduler: s}]
slurm_schedulers: [{name: s, account: x, nodes: 2}]
actions: [{trigger_type: on_workflow_start, action_type: schedule_nodes, scheduler: s, scheduler_type: slurm}]
`;
  t.match(
    errorOf(() => modelOf(text)),
    { message: /Scheduler node validation failed/ },
  );
  t.equal(
    errorOf(() => modelOf(text, 'my.yaml', { skipChecks: true })),
    null,
  );
});

/** A few parameters, each with one to four values of one kind. */
const parameters = fc.uniqueArray(
  fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 4 })),
  {
    minLength: 1,
    maxLength: 4,
    selector: ([name]) => name,
  },
);

function written(list: readonly [string, number][]): string {
  return JSON.stringify(Object.fromEntries(list.map(([name, count]) => [name, `1:${count}`])));
}

t.test('a product has as many as all counts multiplied, each once, in the order of counting', async () => {
  fc.assert(
    fc.property(parameters, (list) => {
      const name = list.map(([one]) => `{${one}:02d}`).join('_');
      const names = namesOf(modelOfJobs(`  - {name: "${name}", command: c, parameters: ${written(list)}}`));
      const count = list.reduce((total, [, values]) => total * values, 1);
      return names.length === count && names.join() === [...new Set(names)].sort().join();
    }),
  );
});

t.test('a zip pairs equal numbers of values, and refuses others', async () => {
  fc.assert(
    fc.property(parameters, (list) => {
      const name = list.map(([one]) => `{${one}}`).join('_');
      const run = () =>
        modelOfJobs(`  - {name: "${name}", command: c, parameters: ${written(list)}, parameter_mode: zip}`);
      const [, count = 0] = list[0] ?? [];
      if (list.some(([, values]) => values !== count)) {
        return /All parameters must have the same number of values/.test(errorOf(run)?.message ?? '');
      }
      const expected = Array.from({ length: count }, (_, place) => list.map(() => place + 1).join('_'));
      return namesOf(run()).join() === expected.join();
    }),
  );
});

t.test(
  'whatever stands in the name, the jobs are the distinct names, and all combinations are collected',
  async () => {
    fc.assert(
      fc.property(parameters, fc.nat(4), (list, kept) => {
        const template = (some: readonly [string, number][]) => some.map(([one]) => `{${one}}`).join('_');
        const all = `w_${template(list)}`;
        const job = `  - {name: "r_${template(list.slice(0, kept))}", command: c, depends_on: ["${all}"], parameters: ${written(list)}}`;
        const model = modelOfJobs(`  - {name: "${all}", command: c, parameters: ${written(list)}}\n${job}`);
        const readers = model.jobs.filter(({ name }) => name.startsWith('r_'));
        const count = (some: readonly [string, number][]) =>
          some.reduce((total, [, values]) => total * values, 1);
        const edges = readers.flatMap(({ dependsOn }) => dependsOn);
        return (
          readers.length === count(list.slice(0, kept)) &&
          edges.length === count(list) &&
          new Set(edges).size === edges.length
        );
      }),
    );
  },
);

import t, { type Test } from 'tap';
import { torc } from '../../../lib/cli/torc/main.js';
import type { Client } from '../../../lib/client/client.js';
import { runningServer } from '../../client/running-server.js';
import { MODELS, SESSION, WORK } from './reference/answers.js';

t.test('what commands print as JSON has the keys of the reference', async (t) => {
  const { url, client } = await runningServer(t);
  const { HOME, USER, TORC_API_URL } = process.env;
  t.teardown(() => Object.assign(process.env, { HOME, USER, TORC_API_URL }));
  const cwd = t.testdir({ 'w.yaml': SPEC, 'commands.txt': 'echo 1\n# no\necho 2\n' });
  Object.assign(process.env, { HOME: cwd, USER: 'alice', TORC_API_URL: url });
  for (const [words, shape, exit = 0] of SESSION) {
    if (words === WORK) {
      await work(client);
      continue;
    }
    const argv = words.split(' ').map((word) => word.replace('{}', cwd).replaceAll('%20', ' '));
    const { code, text } = await printed(t, ['-f', 'json', ...argv]);
    t.equal(code, exit, `exit code of torc ${words}`);
    t.same(differences(JSON.parse(text), shape), [], `torc ${words}`);
  }
});

const SPEC = `name: w
user: alice
jobs:
  - name: a
    command: cp \${files.input.in} \${files.output.out}
    resource_requirements: small
    failure_handler: again
  - {name: b, command: exit 3, depends_on: [a]}
  - name: c
    command: cat \${files.input.out} \${user_data.input.d}
files: [{name: in, path: in.txt}, {name: out, path: out.txt}]
user_data: [{name: d, data: {x: 1}}]
resource_requirements: [{name: small, num_cpus: 1, memory: 1m, runtime: PT1M}]
failure_handlers: [{name: again, rules: [{exit_codes: [9], recovery_script: 'true', max_retries: 1}]}]
actions: [{trigger_type: on_workflow_start, action_type: run_commands, commands: ['true']}]
`;

/** What a runner leaves: jobs a and b have ended. */
async function work(client: Client): Promise<void> {
  const place = { workflow_id: 1, num_cpus: 1, memory_gb: 1, num_gpus: 0, num_nodes: 1 };
  const times = { start_time: '2026-11-21T10:00:00Z', compute_node_type: 'slurm' };
  await client.scheduledComputeNodes.create({
    body: {
      workflow_id: 1,
      scheduler_id: 77,
      scheduler_config_id: 1,
      scheduler_type: 'slurm',
      status: 'active',
    },
  });
  const scheduler = { scheduler_id: 1, slurm_job_id: '77' };
  await client.computeNodes.create({ body: { ...place, ...times, hostname: 'n', pid: 1, scheduler } });
  for (const [id, status, code] of [
    [1, 'completed', 0],
    [2, 'failed', 3],
  ] as const) {
    await client.workflows.claimNext({ id: 1, limit: 1 });
    const ending = { exec_time_minutes: 1, completion_time: '2026-11-21T10:00:00.000Z', status };
    const result = {
      job_id: id,
      workflow_id: 1,
      run_id: 1,
      compute_node_id: 1,
      return_code: code,
      ...ending,
    };
    await client.jobs.complete({ id, status, run_id: 1, body: { ...result, peak_memory_bytes: 2 ** 30 } });
  }
}

/** Runs a command in this process. */
async function printed(t: Test, argv: string[]): Promise<{ code: number; text: string }> {
  const [out, err] = [t.capture(process.stdout, 'write'), t.capture(process.stderr, 'write')];
  try {
    const code = await torc(argv);
    return {
      code,
      text: out()
        .map(({ args }) => String(args[0]))
        .join(''),
    };
  } finally {
    out.restore();
    err.restore();
  }
}

/**
 * Where a value is not of a shape: `{a,b?,c:[Job]}`, with names of MODELS, and `_` for what may be anything. Keys
 * beside them are no difference: scripts do not mind.
 *
 * @returns one line each
 */
function differences(value: unknown, shape: string, place = ''): string[] {
  if (shape === '_') return [];
  const model = MODELS[shape];
  if (model !== undefined) return differences(value, model, place);
  if (shape.startsWith('[')) {
    if (!Array.isArray(value) || value.length === 0) return [`${place}: no list with something in it`];
    return value.flatMap((item) => differences(item, shape.slice(1, -1), `${place}[]`));
  }
  if (typeof value !== 'object' || value === null) return [`${place}: no object`];
  const fields = fieldsOf(shape.slice(1, -1));
  const record = value as Record<string, unknown>;
  return [...fields].flatMap(([key, { isOptional, inner }]) => {
    if (record[key] === undefined) return isOptional ? [] : [`${place}.${key} is missing`];
    return differences(record[key], inner, `${place}.${key}`);
  });
}

/** `a,b?,c:[Job]` → name, whether it may be missing, shape. Commas within braces are not ours. */
function fieldsOf(text: string): Map<string, { isOptional: boolean; inner: string }> {
  const parts = text.match(/(?:[^,{[]|\{(?:[^{}]|\{[^}]*\})*\}|\[(?:[^[\]]|\[[^\]]*\])*\])+/g) ?? [];
  return new Map(
    parts.map((part) => {
      const [, name = '', mark, inner = '_'] = /^\s*(\w+)(\?)?(?::(.*))?$/s.exec(part) ?? [];
      return [name, { isOptional: mark === '?', inner }];
    }),
  );
}

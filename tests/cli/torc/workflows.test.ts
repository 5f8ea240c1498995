import { readFileSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import { runningServer } from '../../client/running-server.js';
import { torc, torcJson } from './torc.js';

// Every command is a process, and the machine may be busy.
t.setTimeout(120_000);

const PIPELINE = `
name: pipeline
description: two steps
jobs:
  - { name: first, command: 'cp \${files.input.in} \${files.output.mid}' }
  - { name: last, command: 'cat \${files.input.mid}' }
files: [{ name: in, path: FOLDER/in.txt }, { name: mid, path: FOLDER/mid.txt }]
`;

/** A server, and a specification in a folder with its input file. */
async function setUp(t: Test): Promise<{ url: string; spec: string; folder: string }> {
  const { url } = await runningServer(t);
  const folder = t.testdir({ 'in.txt': 'input' });
  const spec = `${folder}/pipeline.yaml`;
  writeFileSync(spec, PIPELINE.replaceAll('FOLDER', folder));
  return { url, spec, folder };
}

t.test('a workflow from its specification to its end', async (t) => {
  const { url, spec, folder } = await setUp(t);
  const created = await torc(url, ['workflows', 'create', spec]);
  t.equal(created.stdout, 'Created workflow with ID: 1\n- Created 2 jobs\n- Created 2 files\n');
  t.match(await torcJson(url, ['workflows', 'create', spec, '-u', 'bob']), {
    workflow_id: 2,
    id: 2,
    status: 'success',
  });
  t.match(await torcJson(url, ['workflows', 'get', '1']), {
    ...{ id: 1, name: 'pipeline', user: 'alice', description: 'two steps' },
    resource_monitor_config: { enabled: true, granularity: 'summary' },
  });
  t.match(await torcJson(url, ['workflows', 'initialize', '1', '--dry-run']), {
    ...{ workflow_id: 1, safe: true, missing_input_files: [], missing_input_file_count: 0 },
    ...{ existing_output_files: [], existing_output_file_count: 0 },
  });
  t.same(await torcJson(url, ['workflows', 'initialize-jobs', '1']), {
    ...{ status: 'success', message: 'Successfully initialized workflow 1', workflow_id: 1 },
  });
  t.match(await torcJson(url, ['workflows', 'status', '1']), { run_id: 1, is_canceled: false });
  t.match(await torcJson(url, ['workflows', 'is-complete', '1']), { is_complete: false });
  t.match(await torcJson(url, ['workflows', 'reinitialize', '1']), { status: 'success', workflow_id: 1 });
  t.same(await torcJson(url, ['workflows', 'cancel', '1']), {
    ...{ status: 'success', workflow_id: 1, canceled_slurm_jobs: [], errors: null },
  });
  t.match(await torcJson(url, ['workflows', 'reset-status', '1', '-r', '--no-prompts']), {
    status: 'success',
    operations: { workflow_reset: true, job_reset: true, reinitialize: true },
    failed_only: false,
  });
  const plan = await torcJson(url, ['workflows', 'execution-plan', '1']);
  t.match(plan, { source: 'database', workflow_id: 1, total_jobs: 2, root_events: ['start'] });
  const file = `${folder}/export.json`;
  t.match(await torcJson(url, ['workflows', 'export', '1', '-o', file]), {
    success: true,
    jobs: 2,
    files: 2,
  });
  t.match(JSON.parse(readFileSync(file, 'utf8')), { export_version: '1.0', workflow: { name: 'pipeline' } });
  t.match(await torcJson(url, ['workflows', 'import', file, '--name', 'copy', '--skip-events']), {
    ...{ success: true, workflow_id: 3, workflow_name: 'copy', jobs: 2, files: 2, user_data: 0 },
  });
  t.match(await torcJson(url, ['workflows', 'delete', '1', '3', '--no-prompts']), [{ id: 1 }, { id: 3 }]);
});

t.test('a dry run needs no server', async (t) => {
  const { spec, folder } = await setUp(t);
  const nobody = 'http://127.0.0.1:1/torc-service/v1';
  const good = await torc(nobody, ['workflows', 'create', '--dry-run', spec]);
  t.match(good, { code: 0, stdout: /Jobs: 2\n(.*\n)*Validation: PASSED\n$/, stderr: '' });
  writeFileSync(`${folder}/bad.yaml`, 'name: w\njobs: [{ name: a, command: b, depends_on: [c] }]\n');
  const bad = await torc(nobody, ['-f', 'json', 'workflows', 'create', '--dry-run', `${folder}/bad.yaml`]);
  t.equal(bad.code, 1);
  t.match(JSON.parse(bad.stdout), { valid: false, errors: [/c/], summary: { job_count: 1 } });
  t.match(await torc(nobody, ['workflows', 'execution-plan', spec]), {
    code: 0,
    stdout: /^Workflow: pipeline\n/,
  });
  for (const [format, start] of [
    ['dot', /^digraph "pipeline" \{\n/],
    ['mermaid', /^flowchart TD\n/],
    ['json', /^\{\n {2}"workflow_name": "pipeline",\n {2}"total_jobs": 2,\n {2}"total_edges": 1,/],
  ] as const) {
    t.match(await torc(nobody, ['workflows', 'graph', spec, '-f', format]), { code: 0, stdout: start });
  }
});

t.test('submit wants an action that asks for nodes', async (t) => {
  const { url, spec } = await setUp(t);
  const refused = await torc(url, ['submit', spec]);
  t.match(refused, { code: 1, stderr: /no on_workflow_start action that schedules nodes \(torc run / });
  t.same(await torcJson(url, ['workflows', 'list']), []);
});

t.test('an own server keeps what it was told in its database', async (t) => {
  const { spec, folder } = await setUp(t);
  const own = ['--standalone', '--database', `${folder}/own.db`];
  const nobody = 'http://127.0.0.1:1/torc-service/v1';
  const made = await torc(nobody, [...own, 'workflows', 'create', spec]);
  t.match(made, { code: 0, stdout: /^Created workflow with ID: 1\n/, stderr: /own\.db/ });
  t.match(await torc(nobody, ['workflows', 'get', '1', ...own]), { code: 0, stdout: /Name: pipeline/ });
});

t.test('an import says what is wrong with its file', async (t) => {
  const folder = t.testdir({ 'odd.json': '{"export_version":"1.0"}', 'none.json': 'x' });
  const nobody = 'http://127.0.0.1:1/torc-service/v1';
  const odd = await torc(nobody, ['workflows', 'import', `${folder}/odd.json`]);
  t.match(odd, { code: 1, stderr: /odd\.json is no export of a workflow: .*exported_at/ });
  t.match(await torc(nobody, ['workflows', 'import', `${folder}/none.json`]), {
    code: 1,
    stderr: /cannot read/,
  });
});

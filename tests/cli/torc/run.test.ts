import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { runningServer } from '../../client/running-server.js';
import { run } from '../../program.js';
import { waitFor } from '../../wait-for.js';
import { TORC, torc, torcEnv, torcJson } from './torc.js';

// Every command is a process, and the machine may be busy.
t.setTimeout(120_000);

const NOBODY_AT_DEFAULT = new URL('nobody-at-default.js', import.meta.url).href;

const DIAMOND = `
name: diamond
jobs:
  - { name: top, command: 'echo top > \${files.output.top}' }
  - { name: left, command: 'cp \${files.input.top} \${files.output.left}' }
  - { name: right, command: 'cp \${files.input.top} \${files.output.right}' }
  - { name: bottom, command: 'cat \${files.input.left} \${files.input.right} > bottom.txt' }
files:
  - { name: top, path: top.txt }
  - { name: left, path: left.txt }
  - { name: right, path: right.txt }
`;

const FAILING = 'name: f\njobs: [{ name: bad, command: exit 3 }, { name: good, command: "true" }]\n';

t.test('a specification is run to its end over a database of its own', async (t) => {
  const cwd = t.testdir({ 'diamond.yaml': DIAMOND });
  const nobody = 'http://127.0.0.1:1/torc-service/v1';
  const { code, stdout, stderr } = await torc(nobody, ['run', 'diamond.yaml', '--standalone'], { cwd });
  t.equal(code, 0, 'exit code');
  t.match(stdout, /^Created workflow 1\ncompleted {2}top \(job 1, [\d.]+ s\)\n/);
  t.match(stdout, /Workflow 1 is complete after [\d.]+ s: 4 completed\n$/);
  t.match(stderr, /server of this command's own at .*database torc\.db/);
  t.equal(readFileSync(`${cwd}/bottom.txt`, 'utf8'), 'top\ntop\n');
  const later = await torc(nobody, ['-f', 'json', '--standalone', 'workflows', 'is-complete', '1'], { cwd });
  t.match(JSON.parse(later.stdout), { is_complete: true });
});

t.test('without a server at the default address one is started', async (t) => {
  const cwd = t.testdir({ 'diamond.yaml': DIAMOND });
  const program = [process.execPath, '--import', NOBODY_AT_DEFAULT, TORC];
  const alone = async (...words: string[]) => await run([...program, ...words], { cwd, env: torcEnv('') });
  const { code, stderr } = await alone('run', 'diamond.yaml');
  t.match({ code, stderr }, { code: 0, stderr: /server of this command's own/ });
  t.ok(existsSync(`${cwd}/torc.db`));
  const later = await alone('-f', 'json', 'results', 'list', '1');
  t.equal((JSON.parse(later.stdout) as { results: unknown[] }).results.length, 4);
});

t.test('failed jobs are told, and make the command fail only when that is asked for', async (t) => {
  const { url } = await runningServer(t);
  const cwd = t.testdir({ 'spec.yaml': FAILING });
  const first = await torc(url, ['run', 'spec.yaml', '-o', 'out'], { cwd });
  t.match(first, { code: 0, stdout: /failed {5}bad \(job 1, return code 3, / });
  t.match(first.stdout, /1 completed, 1 failed\nWhat failed: torc results list 1 --failed\n$/);
  t.ok(existsSync(`${cwd}/out/job_stdio/job_wf1_j1_r1_a1.o`));
  const words = ['-f', 'json', 'run', 'spec.yaml', '--fail-on-job-failure', '--max-parallel-jobs', '1'];
  const second = await torc(url, words, { cwd });
  t.equal(second.code, 1);
  t.match(JSON.parse(second.stdout), {
    workflow_id: 2,
    run_id: 1,
    reason: 'complete',
    completed: 1,
    failed: 1,
  });
});

t.test('Ctrl-C ends the jobs of a run, and the run', async (t) => {
  const { url } = await runningServer(t);
  const cwd = t.testdir({});
  writeFileSync(`${cwd}/w.yaml`, 'name: w\njobs: [{ name: long, command: touch begun; sleep 100 }]\n');
  await torcJson(url, ['workflows', 'create', `${cwd}/w.yaml`]);
  const child = spawn(process.execPath, [TORC, 'run', '1'], { cwd, env: torcEnv(url), stdio: 'ignore' });
  t.teardown(() => child.kill('SIGTERM'));
  await waitFor('the job to run', 60, () => existsSync(`${cwd}/begun`) || undefined);
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number];
  t.equal(code, 130);
  t.match(await torcJson(url, ['jobs', 'list', '1']), { jobs: [{ status: 'terminated' }] });
});

t.test('what is wrong with a specification is told before anything is made', async (t) => {
  const { url } = await runningServer(t);
  const cwd = t.testdir({ 'bad.yaml': 'name: w\njobs: [{ name: a, command: b, dependson: [c] }]\n' });
  const bad = await torc(url, ['run', 'bad.yaml'], { cwd });
  t.match(bad, { code: /[12]/, stderr: /^torc: error: bad\.yaml:2:\d+: .*depends_on/ });
  t.match(await torc(url, ['run', 'none'], { cwd }), { code: 2, stderr: /neither a file nor the id/ });
  t.match(await torc(url, ['run', '7'], { cwd }), { code: 1, stderr: /Workflow not found with ID: 7/ });
  t.same(await torcJson(url, ['workflows', 'list']), []);
});

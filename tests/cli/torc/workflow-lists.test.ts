import t from 'tap';
import { runningServer } from '../../client/running-server.js';
import { run } from '../../program.js';
import { TORC, torc, torcEnv, torcJson } from './torc.js';

// Every command is a process, and the machine may be busy.
t.setTimeout(120_000);

t.test('workflows are listed by owner and archive', async (t) => {
  const { url } = await runningServer(t);
  const names = async (...options: string[]) =>
    ((await torcJson(url, ['workflows', 'list', ...options])) as { name: string }[]).map(({ name }) => name);
  const made = await torc(url, ['workflows', 'new', '--name', 'mine', '--description', 'a test']);
  t.equal(
    made.stdout.replace(/ {2}Timestamp.*\n/, ''),
    'Successfully created workflow:\n  ID: 1\n  Name: mine\n  User: alice\n  Description: a test\n',
  );
  await torcJson(url, ['workflows', 'new', '-n', 'old']);
  await torcJson(url, ['workflows', 'new', '-n', "bob's", '--user', 'bob']);
  const archived = await torc(url, ['workflows', 'archive', 'true', '2']);
  t.equal(archived.stdout, 'Successfully archived workflow 2\n');
  t.same(await names(), ['mine']);
  t.same(await names('--archived-only'), ['old']);
  t.same(await names('--include-archived', '--reverse-sort'), ['old', 'mine']);
  t.same(await names('--all-users'), ['mine', "bob's"]);
  t.match(await torcJson(url, ['workflows', 'archive', 'false', '2']), {
    ...{ status: 'success', updated_workflows: [2], is_archived: false },
  });
  t.match(await torcJson(url, ['workflows', 'update', '2', '-n', 'new']), {
    id: 2,
    name: 'new',
    user: 'alice',
  });
  t.match(await torc(url, ['workflows', 'archive', 'true', '9']), {
    code: 1,
    stderr: /Workflow not found with ID: 9/,
  });
});

t.test('what is about the only workflow of a person needs no id', async (t) => {
  const { url } = await runningServer(t);
  t.match(await torc(url, ['workflows', 'get']), { code: 1, stderr: /alice has no workflows/ });
  await torcJson(url, ['workflows', 'new', '-n', 'one']);
  t.match(await torcJson(url, ['workflows', 'get']), { name: 'one' });
  await torcJson(url, ['workflows', 'new', '-n', 'two']);
  t.match(await torc(url, ['workflows', 'get']), { code: 2, stderr: /WORKFLOW_ID is missing/ });
});

t.test('nothing is deleted without a yes', async (t) => {
  const { url } = await runningServer(t);
  await torcJson(url, ['workflows', 'new', '-n', 'mine']);
  await torcJson(url, ['workflows', 'new', '-n', "bob's", '-u', 'bob']);
  t.match(await torc(url, ['workflows', 'delete', '1']), { code: 1, stderr: /--no-prompts/ });
  t.match(await torc(url, ['workflows', 'delete', '2', '--no-prompts']), {
    code: 1,
    stderr: /belongs to bob/,
  });
  t.equal(((await torcJson(url, ['workflows', 'list', '--all-users'])) as unknown[]).length, 2);
  t.match(await torcJson(url, ['workflows', 'delete', '2', '--no-prompts', '--force']), [{ name: "bob's" }]);
});

t.test('on a terminal one chooses from a list', async (t) => {
  const known = await run(['sh', '-c', 'command -v script']);
  if (known.code !== 0) {
    t.pass('no program here makes a terminal: not shown');
    return;
  }
  const { url } = await runningServer(t);
  await torcJson(url, ['workflows', 'new', '-n', 'one']);
  await torcJson(url, ['workflows', 'new', '-n', 'two']);
  const command = `script -qec "'${process.execPath}' '${TORC}' workflows get" /dev/null`;
  const { stdout } = await run(['bash', '-c', `echo 2 | ${command}`], {
    env: torcEnv(url),
    cwd: t.testdir({}),
  });
  t.match(stdout, /│ 1 {2}│ one /);
  t.match(stdout, /Workflow ID 2:\s+ID: 2\s+Name: two/);
});

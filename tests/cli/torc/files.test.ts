import t from 'tap';
import { insertWorkflow, runningServer } from '../../client/running-server.js';
import { torc, torcJson } from './torc.js';

// Every command is a process, and the machine may be busy.
t.setTimeout(120_000);

t.test('files from their creation to their end', async (t) => {
  const { server, url } = await runningServer(t);
  insertWorkflow(server, 'w', 'alice');
  const file = { id: 1, workflow_id: 1, name: 'input', path: 'in.txt' };
  t.same(await torcJson(url, ['files', 'create', '1', '-n', 'input', '-p', 'in.txt']), file);
  t.same(await torcJson(url, ['files', 'list', '1', '--sort-by', 'name']), { files: [file] });
  const table = await torc(url, ['files', 'list', '1']);
  t.equal(
    table.stdout,
    [
      'Files for workflow ID 1:',
      '╭────┬───────┬────────┬──────────╮',
      '│ ID │ Name  │ Path   │ Modified │',
      '├────┼───────┼────────┼──────────┤',
      '│ 1  │ input │ in.txt │          │',
      '╰────┴───────┴────────┴──────────╯',
      '\nTotal: 1\n',
    ].join('\n'),
  );
  t.same(await torcJson(url, ['files', 'update', '1', '--path', 'b.txt']), { ...file, path: 'b.txt' });
  t.same(await torcJson(url, ['files', 'delete', '1']), { ...file, path: 'b.txt' });
  t.same(await torcJson(url, ['files', 'list', '1']), { files: [] });
});

t.test('what goes wrong is told in one line', async (t) => {
  const { url } = await runningServer(t);
  const missing = await torc(url, ['files', 'get', '9']);
  t.same(missing, { code: 1, stdout: '', stderr: 'torc: error: File not found with ID: 9\n' });
  const json = await torc(url, ['files', 'get', '9', '-f', 'json']);
  t.same(JSON.parse(json.stdout), {
    error: { code: 'server-refused', message: 'File not found with ID: 9', hint: null },
  });
  t.match(await torc(url, ['files', 'get']), { code: 2, stderr: /ID is missing/ });
  const nobody = await torc('http://127.0.0.1:1/torc-service/v1', ['files', 'get', '1']);
  t.match(nobody, { code: 1, stderr: /^torc: error: no server answers at [^\n]*ECONNREFUSED[^\n]*\n$/ });
});

t.test('ping tells in JSON that nobody answers', async (t) => {
  const { code, stdout } = await torc('http://127.0.0.1:1/torc-service/v1', ['-f', 'json', 'ping']);
  t.equal(code, 1);
  t.match(JSON.parse(stdout), { status: 'error', message: /no server answers/ });
});

t.test('a server of another major version is not talked to, unless that is wanted', async (t) => {
  const { url } = await runningServer(t, { version: '9.0.0 (abc1234)' });
  const words = ['files', 'get', '1'];
  t.match(await torc(url, words), { code: 1, stderr: /versions do not fit.*the server is 9\.0\.0/ });
  t.match(await torc(url, ['--skip-version-check', ...words]), {
    code: 1,
    stderr: /File not found with ID: 1/,
  });
});

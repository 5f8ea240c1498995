import { hashSync } from 'bcryptjs';
import t from 'tap';
import { runningServer } from '../../client/running-server.js';
import { TORC, torc } from './torc.js';

const SPEC = `name: w
jobs: [{name: a, command: '"${process.execPath}" "${TORC}" ping'}]
`;

t.test('a server that wants passwords gets them from every command, and from jobs', async (t) => {
  const cwd = t.testdir({ 'w.yaml': SPEC, users: `alice:${hashSync('pw', 4)}\n` });
  const options = { htpasswdFile: `${cwd}/users`, requireAuth: true };
  const { url } = await runningServer(t, {}, options);
  const refused = await torc(url, ['ping']);
  t.match(refused, { code: 1, stdout: '', stderr: /Unauthorized \(give a user and a password/ });
  const wrong = await torc(url, ['-f', 'json', '--password', 'wrong', 'ping']);
  t.equal(wrong.code, 1);
  t.match(JSON.parse(wrong.stdout), { status: 'error', message: 'Unauthorized' });
  t.match(await torc(url, ['--username', 'alice', '--password', 'pw', 'ping']), { code: 0 });
  const env = { TORC_PASSWORD: 'pw' };
  const ran = await torc(url, ['run', 'w.yaml', '-p', '0.1'], { cwd, env });
  t.match(ran, { code: 0, stdout: /1 completed/ }, 'the job asks the server as well');
  t.match(await torc(url, ['reports', 'summary', '1'], { cwd, env }), { code: 0 });
  t.match(await torc(url, ['events', 'monitor', '1', '-d', '0.002'], { cwd, env }), { code: 0 });
});

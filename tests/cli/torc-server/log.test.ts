import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Chalk } from 'chalk';
import t from 'tap';
import { logLine } from '../../../lib/cli/torc-server/log/log-line.js';
import { RotatedFile } from '../../../lib/cli/torc-server/log/rotated-file.js';
import { openServerLog } from '../../../lib/cli/torc-server/log/server-log.js';

const PLAIN = new Chalk({ level: 0 });

t.test('a full file makes room for another, the oldest goes', async (t) => {
  const folder = t.testdir({ 'torc-server.log': 'old line\n' });
  const path = `${folder}/torc-server.log`;
  const file = new RotatedFile(path, { size: 20, files: 3 });
  for (let number = 1; number <= 9; number += 1) file.write(`line ${number}\n`);
  file.close();
  const read = (name: string) => readFileSync(`${folder}/${name}`, 'utf8');
  t.same(readdirSync(folder).sort(), [
    'torc-server.log',
    'torc-server.log.1',
    'torc-server.log.2',
    'torc-server.log.3',
  ]);
  t.equal(read('torc-server.log'), 'line 8\nline 9\n');
  t.equal(read('torc-server.log.1'), 'line 6\nline 7\n');
  t.equal(read('torc-server.log.2'), 'line 4\nline 5\n');
  t.equal(read('torc-server.log.3'), 'line 2\nline 3\n');
});

t.test('a line longer than a file is whole', async (t) => {
  const folder = t.testdir();
  const file = new RotatedFile(`${folder}/l`, { size: 5, files: 1 });
  file.write('a longer line\n');
  file.write('b\n');
  file.close();
  t.equal(readFileSync(`${folder}/l.1`, 'utf8'), 'a longer line\n');
  t.equal(readFileSync(`${folder}/l`, 'utf8'), 'b\n');
});

t.test('a rotation that fails ends nothing', async (t) => {
  const folder = t.testdir({ 'l.1': { inside: '' } });
  const file = new RotatedFile(`${folder}/l`, { size: 5, files: 1 });
  file.write('one\n');
  file.write('two\n');
  t.ok(file.failure, 'l.1 is a folder');
  file.close();
  t.equal(readFileSync(`${folder}/l`, 'utf8'), 'one\ntwo\n', 'the file grows on');
});

t.test('lines for people', async (t) => {
  const line = (record: object) => logLine(JSON.stringify({ time: 0, level: 30, ...record }), PLAIN);
  t.equal(line({ msg: 'listens', port: 8080 }), '1970-01-01T00:00:00.000Z  INFO listens port=8080\n');
  t.equal(line({ level: 50, msg: 'x' }), '1970-01-01T00:00:00.000Z ERROR x\n');
  t.equal(
    line({ msg: 'user a\nfake \u001b[31m', user: 'b c' }),
    '1970-01-01T00:00:00.000Z  INFO user a\\nfake \\u001b[31m user="b c"\n',
  );
  t.equal(
    line({ msg: 'failed', err: { message: 'm', stack: 'Error: m\n    at f' } }),
    '1970-01-01T00:00:00.000Z  INFO failed\n    Error: m\n        at f\n',
  );
});

t.test('levels, text and JSON', async (t) => {
  for (const json of [true, false]) {
    const folder = `${t.testdir()}/${json ? 'json' : 'text'}/deep`;
    const log = openServerLog({ level: 'warn', console: false, folder, json });
    log.logger.info('not this');
    log.logger.warn({ port: 1 }, 'this');
    log.close();
    const text = readFileSync(`${folder}/torc-server.log`, 'utf8');
    t.notMatch(text, /not this/);
    if (json) t.match(JSON.parse(text), { level: 40, msg: 'this', port: 1 });
    else t.match(text, /^\S+ {2}WARN this port=1\n$/);
  }
  const folder = `${t.testdir()}/off`;
  const log = openServerLog({ level: 'off', console: false, folder, json: true });
  log.logger.fatal('nor this');
  log.close();
  t.equal(readFileSync(`${folder}/torc-server.log`, 'utf8'), '');
});

t.test('a folder that cannot be one', async (t) => {
  const file = `${t.testdir({ file: '' })}/file`;
  writeFileSync(file, '');
  t.throws(() => openServerLog({ level: 'info', console: false, folder: file, json: false }), {
    code: 'server-unusable',
  });
  t.ok(existsSync(file));
});

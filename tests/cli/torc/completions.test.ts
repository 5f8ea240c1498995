import t from 'tap';
import { run } from '../../program.js';
import { torc } from './torc.js';

// Every command is a process, and the machine may be busy.
t.setTimeout(120_000);

const NO_SERVER = 'http://127.0.0.1:1/torc-service/v1';

/** What bash offers for a line whose last word is being written. */
async function offered(script: string, line: string, cwd: string): Promise<string[]> {
  const words = line.split(' ');
  const ask = `${script}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
_torc
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run(['bash', '--norc', '-c', ask], { cwd });
  return stdout.split('\n').filter((word) => word !== '');
}

t.test('bash completes commands, options and values', async (t) => {
  const { stdout: script } = await torc(NO_SERVER, ['completions', 'bash']);
  const folder = t.testdir({ 'spec.yaml': '', 'it is.txt': '' });
  for (const [line, words] of [
    ['torc fil', ['files']],
    ['torc files l', ['list', 'list-required-existing']],
    ['torc -f json --url ping files l', ['list', 'list-required-existing']],
    ['torc files list --form', ['--format']],
    ['torc files list --format ', ['table', 'json']],
    ['torc files list -f j', ['json']],
    ['torc files list --url ', []],
    ['torc files create --pat', ['--path']],
    ['torc files create --path sp', ['spec.yaml']],
    ['torc completions p', ['powershell']],
  ] as const) {
    t.same(await offered(script, line, folder), words, line);
  }
});

t.test('the script of each shell is one that the shell can read, where there is one', async (t) => {
  for (const [shell, check] of [
    ['bash', ['bash', '-n']],
    ['zsh', ['zsh', '-n']],
    ['fish', ['fish', '--no-execute']],
  ] as const) {
    const { code, stdout } = await torc(NO_SERVER, ['completions', shell]);
    t.equal(code, 0);
    const file = `${t.testdir({ script: stdout })}/script`;
    const { code: known } = await run(['sh', '-c', `command -v ${shell}`]);
    if (known === 0) t.match(await run([...check, file]), { code: 0, stderr: '' }, shell);
  }
});

t.test('every shell is told of every command', async (t) => {
  for (const shell of ['bash', 'zsh', 'fish', 'elvish', 'powershell']) {
    const { stdout } = await torc(NO_SERVER, ['completions', shell]);
    t.match(stdout, 'torc files list-required-existing', shell);
  }
  t.match(await torc(NO_SERVER, ['completions', 'csh']), { code: 2, stderr: /expected bash, elvish/ });
});

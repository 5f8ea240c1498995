import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { renderChoice } from '../../../lib/cli/torc/workflow-choice.js';
import { runningServer } from '../../client/running-server.js';
import { waitFor } from '../../wait-for.js';
import { TORC, torcEnv } from './torc.js';

// Every command is a process, and the machine may be busy.
t.setTimeout(120_000);

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

/** `torc` at a terminal that `script` makes. */
class AtTerminal {
  shown = '';

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk) => {
      this.shown += chunk;
    });
  }

  static open(t: Test, url: string, words: string): AtTerminal {
    const command = `exec '${process.execPath}' '${TORC}' ${words}`;
    const env = { ...torcEnv(url), TERM: 'xterm', SHELL: '/bin/sh' };
    const child = spawn('script', ['-qec', command, '/dev/null'], { env });
    t.teardown(() => child.kill('SIGKILL'));
    return new AtTerminal(child);
  }

  /** Waits for a question, and types. */
  async answer(question: string, keys: string): Promise<this> {
    const isAsked = () => this.shown.includes(question) || undefined;
    await waitFor(question, 60, isAsked, () => this.shown);
    this.child.stdin?.write(keys);
    return this;
  }

  /** @returns the exit code of torc */
  async end(): Promise<number | null> {
    const [code] = (await once(this.child, 'exit')) as [number | null];
    return code;
  }
}

const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null'], { input: '' }).status === 0;

t.test('questions at a terminal', { skip: hasScript ? false : 'no script of util-linux' }, async (t) => {
  const { client, url } = await runningServer(t);
  for (const name of ['first', 'second']) await client.workflows.create({ body: { name, user: 'alice' } });
  const names = async () => (await client.workflows.list({})).items.map(({ name }) => name);
  for (const [keys, code, said] of [
    [CTRL_C, 130, /\n(.*\r)?torc: error: interrupted/],
    [CTRL_D, 1, /\n(.*\r)?torc: error: no answer was given/],
    ['n\r', 0, /nothing was deleted/],
    ['\r', 0, /nothing was deleted/],
  ] as const) {
    const asked = await AtTerminal.open(t, url, 'workflows delete 2').answer('[y/N] ', keys);
    t.equal(await asked.end(), code);
    t.match(asked.shown, said);
  }
  t.same(await names(), ['first', 'second'], 'nothing was deleted so far');
  const choice = await AtTerminal.open(t, url, 'workflows delete').answer('Workflow ID: ', '9\r2\ry\r');
  t.equal(await choice.end(), 0);
  t.match(choice.shown, /9: expected one of the ids above/);
  t.match(choice.shown, /Successfully deleted workflow 2/, 'what is typed ahead counts');
  t.same(await names(), ['first']);
  const only = AtTerminal.open(t, url, 'workflows get');
  t.equal(await only.end(), 0);
  t.match(only.shown, /workflow 1 \(first\)/, 'the only one needs no question');
});

t.test('workflows to choose from fit the terminal', async (t) => {
  const workflow = (id: number, name: string, description = '') => ({ id, name, user: 'u', description });
  const workflows = [
    workflow(1, 'a name of twenty-four ch', `a description\nof lines, ${'and so on '.repeat(20)}`),
    workflow(12, 'b'),
  ];
  for (const width of [200, 80, 60, 40, 30, 20]) {
    const lines = renderChoice(workflows, width).trimEnd().split('\n');
    t.equal(lines.length, 6, `a line each at ${width}`);
    t.ok(
      lines.every((line) => line.length <= width),
      `no line is wider than ${width}`,
    );
  }
  t.match(renderChoice(workflows, 80), /│ 1 {2}│ a name of twenty-four ch │ a description… /);
  t.notMatch(renderChoice(workflows, 30), /Description/);
  t.match(renderChoice(workflows, Infinity), /of twenty-four ch │ a description… │/);
});

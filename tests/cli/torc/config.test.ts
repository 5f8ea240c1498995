import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import t, { type Test } from 'tap';
import { torc } from './torc.js';

/** `torc config …` of a person who has configured nothing. */
function newcomer(t: Test, files: Record<string, string> = {}) {
  const home = t.testdir(files);
  const config = (words: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    torc('', ['config', ...words], { cwd: home, env: { HOME: home, ...env } });
  return { home, config };
}

t.test('the tutorial: paths, init, show, validate', async (t) => {
  const { home, config } = newcomer(t);
  const file = `${home}/.config/torc/config.toml`;
  const paths = await config(['paths']);
  t.match(paths.stdout, 'Configuration file paths (in priority order):');
  t.match(paths.stdout, `  User:    ${file} (not found)`);
  t.match(paths.stdout, "No configuration files found. Run 'torc config init --user' to create one.");
  t.match(await config(['init', '--user']), { code: 0, stdout: `Created configuration file: ${file}\n` });
  t.match(await config(['init']), { code: 1, stderr: /exists \(--force replaces it\)/ });
  t.equal((await config(['init', '--force'])).code, 0);
  t.equal((await config(['init', '--local'])).code, 0);
  t.ok(existsSync(`${home}/torc.toml`));
  const { stdout } = await config(['validate'], { TORC_CLIENT__FORMAT: 'json' });
  t.equal(
    stdout,
    [
      'Validating configuration...\n',
      'Loading configuration from:',
      `  - ${file}`,
      `  - ${home}/torc.toml`,
      '  - TORC_CLIENT__FORMAT\n',
      'Configuration is valid.\n',
      'Key settings:',
      '  client.api_url = http://localhost:8080/torc-service/v1',
      '  client.format = json',
      '  server.port = 8080',
      '  dash.port = 8090\n',
    ].join('\n'),
  );
});

t.test('show tells what is in force', async (t) => {
  const { config } = newcomer(t, { 'torc.toml': '[client.run]\nmemory_gb = 64.0\n' });
  const env = { TORC_CLIENT__API_URL: 'http://ci-server:8080/torc-service/v1' };
  const expected = {
    client: { api_url: 'http://ci-server:8080/torc-service/v1', run: { memory_gb: 64, poll_interval: 5 } },
  };
  t.match(parse((await config(['show'], env)).stdout), expected);
  for (const words of [
    ['show', '--format', 'json'],
    ['-f', 'json', 'show'],
  ])
    t.match(JSON.parse((await config(words, env)).stdout), expected);
});

t.test('a broken file stops commands, but not its repair', async (t) => {
  const { home, config } = newcomer(t, { 'torc.toml': '[client]\nformat = json\n' });
  const complaint = `${home}/torc.toml:2:`;
  t.match(await config(['show']), { code: 1, stdout: '', stderr: complaint });
  t.match(await config(['validate']), { code: 1, stdout: complaint });
  t.match(JSON.parse((await config(['validate', '-f', 'json'])).stdout), {
    valid: false,
    errors: [complaint],
  });
  t.match(await config(['paths']), { code: 0, stdout: 'torc.toml (exists)' });
  t.equal((await config(['init', '--local', '--force'])).code, 0);
  t.equal((await config(['validate'])).code, 0);
  t.notMatch(readFileSync(`${home}/torc.toml`, 'utf8'), 'format = json');
});

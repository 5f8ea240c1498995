import t from 'tap';
import { clientSettings } from '../../../lib/cli/torc/settings.js';

t.test('what clients take from where', async (t) => {
  const folder = t.testdir({
    'torc.toml':
      '[client]\napi_url = "http://file"\nusername = "fred"\nformat = "json"\n[client.run]\nnum_cpus = 3\n',
  });
  const [file, none] = [`${folder}/torc.toml`, ''];
  for (const [local, env, expected] of [
    [
      none,
      {},
      { apiUrl: 'http://localhost:8080/torc-service/v1', isApiUrlChosen: false, username: 'unknown' },
    ],
    [none, {}, { format: 'table', logLevel: 'info', password: undefined, isUsernameChosen: false }],
    [none, {}, { run: { pollInterval: 5, outputDir: 'output', numCpus: undefined } }],
    [
      file,
      { USER: 'ann' },
      { apiUrl: 'http://file', isApiUrlChosen: true, username: 'fred', format: 'json' },
    ],
    [file, {}, { isUsernameChosen: false, run: { numCpus: 3 } }],
    [file, { TORC_CLIENT__API_URL: 'http://section' }, { apiUrl: 'http://section', isApiUrlChosen: true }],
    [
      file,
      { TORC_CLIENT__API_URL: 'http://section', TORC_API_URL: 'http://plain' },
      { apiUrl: 'http://plain' },
    ],
    [file, { TORC_API_URL: '' }, { apiUrl: 'http://file' }],
    [
      file,
      { TORC_USERNAME: 'bob', TORC_PASSWORD: 'x' },
      { username: 'bob', isUsernameChosen: true, password: 'x' },
    ],
    [none, { USERNAME: 'win', TORC_PASSWORD: '' }, { username: 'win', password: undefined }],
    [none, { RUST_LOG: 'warn,torc=debug', TORC_CLIENT__LOG_LEVEL: 'error' }, { logLevel: 'debug' }],
    [none, { TORC_CLIENT__LOG_LEVEL: 'error' }, { logLevel: 'error' }],
  ] as const) {
    t.match(clientSettings(env, { system: '', user: '', local }), expected);
  }
});

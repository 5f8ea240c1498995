import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import t, { type Test } from 'tap';
import { loadConfiguration } from '../../../lib/cli/config-files/load.js';
import { configPlaces } from '../../../lib/cli/config-files/places.js';
import { defaultSettings } from '../../../lib/cli/config-files/settings.js';
import { validateConfiguration } from '../../../lib/cli/config-files/validation.js';
import { AfterokError } from '../../../lib/errors.js';

/** Configuration files in a folder of the test's own. */
function filesOf(t: Test, texts: { system?: string; user?: string; local?: string }) {
  const folder = t.testdir();
  const places = {
    system: `${folder}/etc/config.toml`,
    user: `${folder}/home/config.toml`,
    local: `${folder}/torc.toml`,
  };
  for (const [layer, text] of Object.entries(texts)) {
    const path = places[layer as keyof typeof places];
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return places;
}

const port = (number: number) => `[server]\nport = ${number}\n`;

t.test('layers, the later over the earlier', async (t) => {
  for (const [name, texts, env, expected, origin] of [
    ['nothing', {}, {}, 8080, null],
    ['system', { system: port(1) }, {}, 1, 'etc/config.toml'],
    ['user over system', { system: port(1), user: port(2) }, {}, 2, 'home/config.toml'],
    ['local over user', { system: port(1), user: port(2), local: port(3) }, {}, 3, 'torc.toml'],
    [
      'system shines through',
      { system: port(1), local: '[server]\nthreads = 2\n' },
      {},
      1,
      'etc/config.toml',
    ],
    ['environment', { local: port(3) }, { TORC_SERVER__PORT: '4' }, 4, 'TORC_SERVER__PORT'],
    ['an empty variable is none', { local: port(3) }, { TORC_SERVER__PORT: '' }, 3, 'torc.toml'],
    ['dotted keys', { local: 'server.port = 5\n' }, {}, 5, 'torc.toml'],
    ['any free port', { local: port(0) }, {}, 0, 'torc.toml'],
    ['inline table', { local: 'server = { port = 6 }\n' }, {}, 6, 'torc.toml'],
  ] as const) {
    await t.test(name, async (t) => {
      const { settings, origin: originOf } = loadConfiguration(filesOf(t, texts), env);
      t.equal(settings.server.port, expected);
      const found = originOf('server.port');
      t.ok(origin === null ? found === null : found?.endsWith(origin));
    });
  }
});

t.test('tables merge, lists are replaced', async (t) => {
  const places = filesOf(t, {
    system:
      '[server]\nadmin_users = ["a", "b"]\n[client.hpc.profile_overrides.kestrel]\ndefault_account = "x"\n',
    local: '[server]\nadmin_users = ["c"]\n[client.hpc.profile_overrides.eagle]\ndefault_account = "y"\n',
  });
  const { settings } = loadConfiguration(places, {
    TORC_CLIENT__HPC__PROFILE_OVERRIDES__KESTREL__DEFAULT_ACCOUNT: 'z',
  });
  t.same(settings.server.admin_users, ['c']);
  t.same(settings.client.hpc.profile_overrides, {
    kestrel: { default_account: 'z' },
    eagle: { default_account: 'y' },
  });
});

t.test('the defaults of the contract', async (t) => {
  t.same(loadConfiguration(filesOf(t, {}), {}).settings, defaultSettings());
  t.match(defaultSettings(), {
    client: {
      ...{ api_url: 'http://localhost:8080/torc-service/v1', format: 'table', log_level: 'info' },
      run: { poll_interval: 5, output_dir: 'output', max_parallel_jobs: undefined },
      slurm: { poll_interval: 30, keep_submission_scripts: false, strict_scheduler_match: false },
      watch: { poll_interval: 30, max_retries: 3, retry_cooldown: 60, rate_limit_per_minute: 10 },
    },
    server: {
      ...{ log_level: 'info', https: false, url: 'localhost', port: 8080, threads: 1 },
      ...{ require_auth: false, credential_cache_ttl_secs: 60, enforce_access_control: false },
      ...{ completion_check_interval_secs: 30, admin_users: [], logging: { json_logs: false } },
    },
    dash: {
      ...{ host: '127.0.0.1', port: 8090, torc_bin: 'torc', torc_server_bin: 'torc-server' },
      ...{ standalone: false, server_port: 0, completion_check_interval_secs: 5 },
    },
  });
});

t.test('mistakes in files, with their places', async (t) => {
  for (const [text, expected] of [
    [
      '[client]\n  formt = "json"\n',
      'torc.toml:2:3: client.formt: unknown key "formt"; did you mean "format"?',
    ],
    ['[clint]\n', 'torc.toml:1:2: clint: unknown key "clint"; did you mean "client"?'],
    ['[client]\nformat = "xml"\n', 'torc.toml:2:1: client.format: expected one of table, json; found "xml"'],
    ['[server]\nport = -1\n', 'torc.toml:2:1: server.port: must be >= 0; found -1'],
    ['[server]\nport = "80"\n', 'torc.toml:2:1: server.port: must be integer; found "80"'],
    ['server = 3\n', 'torc.toml:1:1: server: must be object; found 3'],
    ['[client.run]\npoll_interval = 0.0\n', 'torc.toml:2:1: client.run.poll_interval: must be > 0; found 0'],
    ['x = { server = {}, = 1 }\n', /^.*torc\.toml:1:\d+: no TOML: /],
    ['[server\nport = 1\n', /^.*torc\.toml:1:8: no TOML: /],
    [
      '# …\n[[client.hpc.custom_profiles.c.partitions]]\nname = "a"\ncpus_per_node = 1\nmemory_mb = 1\nmax_walltime_secs = 1\n' +
        '[[client.hpc.custom_profiles.c.partitions]]\nname = "b"\ncpus_per_node = 1\nmemory_mb = -1\nmax_walltime_secs = 1\n',
      'torc.toml:10:1: client.hpc.custom_profiles.c.partitions[1].memory_mb: must be >= 1; found -1',
    ],
  ] as const) {
    await t.test(text.split('\n')[1] || text.split('\n')[0] || '', async (t) => {
      const load = () => loadConfiguration(filesOf(t, { local: text }), {});
      t.throws(load, { code: 'bad-config' });
      t.throws(load, {
        message: typeof expected === 'string' ? new RegExp(`${escaped(expected)}$`) : expected,
      });
    });
  }
});

t.test('mistakes in variables', async (t) => {
  for (const [variable, value, expected] of [
    ['TORC_SERVER__PROT', '1', 'TORC_SERVER__PROT: no such setting; did you mean TORC_SERVER__PORT?'],
    ['TORC_SERVR__PORT', '1', 'TORC_SERVR__PORT: no such setting; did you mean TORC_SERVER__PORT?'],
    [
      'TORC_SERVER__PORT',
      'x',
      'TORC_SERVER__PORT: expected a whole number at least 0 and at most 65535; found "x"',
    ],
    ['TORC_SERVER__PORT', '0x10', /found "0x10"/],
    ['TORC_SERVER__HTTPS', 'yes', 'TORC_SERVER__HTTPS: expected true or false; found "yes"'],
    ['TORC_CLIENT__FORMAT', 'xml', 'TORC_CLIENT__FORMAT: expected one of table, json; found "xml"'],
    ['TORC_CLIENT__RUN', '1', /is a table/],
    ['TORC_SERVER__PORT__DEEPER', '1', /no such setting/],
    ['TORC_SERVER____PROTO__', '1', /no such setting/],
  ] as const) {
    const load = () => loadConfiguration({ system: '', user: '', local: '' }, { [variable]: value });
    t.throws(load, { message: expected }, variable);
  }
  const others = { TORC_API_URL: 'x', TORC_PASSWORD: 'y', TORC_LOG_DIR: 'z', TORC_CLIENT_API_URL: 'x' };
  t.same(loadConfiguration({ system: '', user: '', local: '' }, others).settings, defaultSettings());
});

t.test('values of variables', async (t) => {
  const { settings } = loadConfiguration(
    { system: '', user: '', local: '' },
    {
      TORC_CLIENT__API_URL: 'http://s:1/x',
      TORC_CLIENT__RUN__MEMORY_GB: '1.5',
      TORC_SERVER__HTTPS: 'TRUE',
      TORC_SERVER__ADMIN_USERS: 'ann, bob',
      TORC_SERVER__LOGGING__JSON_LOGS: '1',
      TORC_DASH__SERVER_PORT: '0',
    },
  );
  t.equal(settings.client.api_url, 'http://s:1/x');
  t.equal(settings.client.run.memory_gb, 1.5);
  t.equal(settings.server.https, true);
  t.same(settings.server.admin_users, ['ann', 'bob']);
  t.equal(settings.server.logging.json_logs, true);
  t.equal(settings.dash.server_port, 0);
});

t.test('validation tells everything at once', async (t) => {
  const places = filesOf(t, { user: '[client]\na = 1\nb = 2\n', local: '[dash]\nport = 0\n' });
  const { errors, warnings, configuration } = validateConfiguration(places, {
    ...{ TORC_SERVER__PORT: 'x', TORC_CLIENT_FORMAT: 'json' },
  });
  t.equal(configuration, null);
  t.equal(errors.length, 4);
  t.same(warnings, ['TORC_CLIENT_FORMAT is not read; did you mean TORC_CLIENT__FORMAT?']);
  t.match(validateConfiguration(filesOf(t, {}), { TORC_SERVER__REQUIRE_AUTH: 'true' }).warnings, [
    /auth_file/,
  ]);
});

t.test('a file that cannot be read is no missing one', async (t) => {
  const places = filesOf(t, {});
  mkdirSync(places.local);
  t.throws(() => loadConfiguration(places, {}), AfterokError);
});

t.test('places', async (t) => {
  t.same(configPlaces({ HOME: '/h' }, '/w', 'linux'), {
    ...{ system: '/etc/torc/config.toml', user: '/h/.config/torc/config.toml', local: '/w/torc.toml' },
  });
  t.equal(configPlaces({ HOME: '/h', XDG_CONFIG_HOME: '/x' }, '/w', 'linux').user, '/x/torc/config.toml');
  t.equal(
    configPlaces({ HOME: '/h' }, '/w', 'darwin').user,
    '/h/Library/Application Support/torc/config.toml',
  );
});

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

import { readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import t from 'tap';
import { loadConfiguration } from '../../../lib/cli/config-files/load.js';
import { defaultSettings, fileSchema } from '../../../lib/cli/config-files/settings.js';
import { configTemplate } from '../../../lib/cli/config-files/template.js';
import { PACKAGE_ROOT } from '../../../lib/package-root.js';

const FILE = `${PACKAGE_ROOT}config/schemas/torc-config.schema.json`;

t.test('the schema file is what the settings say; UPDATE_SCHEMA=1 writes it', async (t) => {
  if (process.env.UPDATE_SCHEMA === '1') writeFileSync(FILE, `${JSON.stringify(fileSchema(), null, 2)}\n`);
  t.same(JSON.parse(readFileSync(FILE, 'utf8')), fileSchema());
});

t.test('a new file changes nothing', async (t) => {
  const file = `${t.testdir()}/torc.toml`;
  writeFileSync(file, configTemplate());
  t.same(loadConfiguration({ system: '', user: '', local: file }, {}).settings, defaultSettings());
});

t.test('what a new file shows as defaults are the defaults', async (t) => {
  const lines = configTemplate().split('\n');
  const shown = lines.map((line) => (/^# \w+ = [^ ]/.test(line) ? line.slice(2) : line)).join('\n');
  t.match(parse(shown), JSON.parse(JSON.stringify(defaultSettings())));
});

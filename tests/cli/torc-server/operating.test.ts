import { readFileSync } from 'node:fs';
import t from 'tap';
import { allOptions } from '../../../lib/cli/command.js';
import { GLOBALS } from '../../../lib/cli/torc/globals.js';
import { TORC_HTPASSWD } from '../../../lib/cli/torc-htpasswd/spec.js';
import { TORC_SERVER } from '../../../lib/cli/torc-server/spec.js';
import { PACKAGE_ROOT } from '../../../lib/package-root.js';

t.test('OPERATING.md names options that exist, and all of the server', async (t) => {
  const text = readFileSync(`${PACKAGE_ROOT}lib/server/OPERATING.md`, 'utf8');
  const named = new Set([...text.matchAll(/(?<![\w-])--([a-z][a-z-]+)/g)].map(([, name = '']) => name));
  const server = allOptions(TORC_SERVER).map(({ name }) => name);
  const known = [...server, ...allOptions(TORC_HTPASSWD).map(({ name }) => name), ...Object.keys(GLOBALS)];
  t.same(
    [...named].filter((name) => !known.includes(name)),
    [],
  );
  const general = ['debug', 'help', 'version'];
  t.same(
    server.filter((name) => !named.has(name) && !general.includes(name)),
    [],
  );
});

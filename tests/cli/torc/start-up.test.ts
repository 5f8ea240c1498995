import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import t from 'tap';
import { PACKAGE_ROOT } from '../../../lib/package-root.js';

const COMMANDS = join(PACKAGE_ROOT, 'dist/lib/cli/torc');

/** What is loaded with a compiled module: `./session.js`, `node:fs`, `typebox`. */
function importsOf(file: string): string[] {
  const statements = readFileSync(file, 'utf8').matchAll(/^(?:import|export)\b[^;]*?from '([^']+)'/gm);
  return [...statements].map(([, name = '']) => name);
}

/** All that is loaded with these modules, the modules themselves and what they name from elsewhere. */
function loadedWith(files: readonly string[]): { modules: Set<string>; libraries: Map<string, string> } {
  const modules = new Set(files);
  const libraries = new Map<string, string>();
  for (const file of modules) {
    for (const name of importsOf(file)) {
      if (name.startsWith('.')) modules.add(resolve(dirname(file), name));
      else if (!name.startsWith('node:')) libraries.set(name, file);
    }
  }
  return { modules, libraries };
}

t.test('help waits for no library', async (t) => {
  const { modules, libraries } = loadedWith([join(PACKAGE_ROOT, 'dist/bin/torc.js')]);
  t.ok(modules.has(join(COMMANDS, 'program.js')));
  t.same([...libraries], []);
});

t.test('neither do the commands, as help and completions load them', async (t) => {
  const groups = readdirSync(COMMANDS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const alone = ['run', 'submit', 'ping', 'completions', 'plot-resources'];
  const { modules, libraries } = loadedWith([
    ...groups.map(({ name }) => join(COMMANDS, name, 'index.js')),
    ...alone.map((name) => join(COMMANDS, `${name}.js`)),
  ]);
  t.ok(modules.size > 100, `${modules.size} modules`);
  t.same([...libraries], []);
  t.notOk(modules.has(join(COMMANDS, 'session.js')), 'nor for a client');
});

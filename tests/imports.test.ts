import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import t from 'tap';
import { PACKAGE_ROOT } from '../lib/package-root.js';

/**
 * What each folder may import of the others; the longest name that fits a module counts. Modules right below lib serve
 * all folders and import none.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  bin: ['lib/api', 'lib/cli', 'lib/pocket'],
  handlers: ['lib/cli'],
  'lib/index.ts': ['lib/api', 'lib/client', 'lib/wire'],
  'lib/cli': ['runner', 'server', 'pocket', 'chain', 'workflow', 'report', 'client', 'slurm', 'wire'].map(
    (folder) => `lib/${folder}`,
  ),
  'lib/api': ['lib/client', 'lib/wire'],
  'lib/runner': ['lib/workflow', 'lib/report', 'lib/client', 'lib/store/metrics', 'lib/wire'],
  'lib/server': ['lib/store', 'lib/wire'],
  'lib/report': ['lib/chain', 'lib/store/metrics', 'lib/slurm', 'lib/wire'],
  'lib/chain': ['lib/store', 'lib/slurm'],
  'lib/workflow': ['lib/slurm', 'lib/wire'],
  'lib/workflow/upload': ['lib/workflow', 'lib/client', 'lib/wire'],
  'lib/client': ['lib/wire'],
  'lib/store': ['lib/wire'],
  'lib/pocket': ['lib/slurm'],
  'lib/wire': [],
  'lib/slurm': [],
  lib: [],
};

/** What only these folders and modules may import from outside. */
const ONLY_FOR: Record<string, readonly string[]> = {
  'better-sqlite3': ['lib/store', 'lib/pocket/state', 'lib/sqlite-wal.ts'],
  fastify: ['lib/server'],
  'yargs/yargs': ['lib/cli'],
  chalk: ['lib/cli'],
  'cli-table3': ['lib/cli'],
  pino: ['lib/cli/torc-server'],
  'node:http': ['lib/client', 'lib/server'],
  'node:https': ['lib/client'],
  'node:child_process': ['lib/slurm/command.ts', 'lib/runner', 'lib/pocket', 'lib/cli/torc-server'],
};

interface Import {
  module: string;
  /** Of ours: its path from the package's folder, otherwise as it is written. */
  target: string;
}

const MODULES = ['bin', 'handlers', 'lib'].flatMap((folder) =>
  readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

const IMPORT = /^(?:import|export|\})(?:.*? from)? '([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(module: string): Import[] {
  const text = readFileSync(join(PACKAGE_ROOT, module), 'utf8');
  return [...text.matchAll(IMPORT)].map(([, plain, dynamic]) => {
    const name = plain ?? dynamic ?? '';
    const isOurs = name.startsWith('.');
    return { module, target: isOurs ? normalize(join(dirname(module), name)).replace(/js$/, 'ts') : name };
  });
}

/** The longest of these that contains the module. */
function placeOf(module: string, places: readonly string[]): string | undefined {
  const around = places.filter((place) => module === place || module.startsWith(`${place}/`));
  return around.sort((a, b) => b.length - a.length)[0];
}

/** `lib/errors.ts` and the like, but not what programs import. */
function servesAll(module: string): boolean {
  return /^lib\/[^/]+$/.test(module) && module !== 'lib/index.ts';
}

const IMPORTS = MODULES.flatMap(importsOf);

t.test('folders import downward only', async (t) => {
  const places = Object.keys(MAY_IMPORT);
  const upward = IMPORTS.filter(({ module, target }) => {
    if (!/^(bin|handlers|lib)\//.test(target) || servesAll(target)) return false;
    const own = placeOf(module, places) ?? '';
    return placeOf(target, places) !== own && placeOf(target, MAY_IMPORT[own] ?? []) === undefined;
  });
  t.ok(IMPORTS.length > MODULES.length, 'imports are found');
  t.same(upward, []);
});

t.test('libraries are used where they belong', async (t) => {
  const elsewhere = IMPORTS.filter(({ module, target }) => {
    const homes = ONLY_FOR[target];
    return homes !== undefined && placeOf(module, homes) === undefined;
  });
  t.same(elsewhere, []);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { PACKAGE_ROOT } from '../../lib/package-root.js';

/** Functions of node:fs that change what outlives the process. */
const WRITERS =
  /^(?:write|append|mkdir|mkdtemp|rm|rename|unlink|chmod|chown|lchown|symlink|link|copyFile|cp|truncate|utimes|createWriteStream|open)/;

/** The only module that starts programs; it passes what changes the cluster through the seam by itself. */
const SPAWNS = 'lib/slurm/command.ts';

/** Imports of node:fs, by name or whole, and of node:child_process. */
const IMPORT =
  /import\s*(?:type\s*)?(\{[^}]*\}|\*\s*as\s+\w+|\w+)\s*from\s*'node:(fs|fs\/promises|child_process)'/g;

function modules(folder: string): string[] {
  return readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)
    .sort();
}

/** From the parenthesis that opens at `start` to the one that closes it. */
function closing(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

/** What a module does to the disk, or starts, beside the seam. */
function unwitnessed(path: string, text: string): string[] {
  const seams = [...text.matchAll(/\bsideEffect\(/g)].map(({ index }) => {
    const start = index + 'sideEffect'.length;
    return [start, closing(text, start)] as const;
  });
  const found: string[] = [];
  for (const [statement, names = '', module = ''] of text.matchAll(IMPORT)) {
    if (module === 'child_process') {
      if (path !== SPAWNS) found.push(`${path} imports node:child_process`);
    } else if (!names.startsWith('{') || module === 'fs/promises') found.push(`${path}: ${statement}`);
    for (const [name] of names.matchAll(/\w+/g)) {
      if (module !== 'fs' || !WRITERS.test(name)) continue;
      for (const { index } of text.matchAll(new RegExp(`\\b${name}\\(`, 'g'))) {
        if (!seams.some(([start, end]) => start < index && index < end)) {
          const line = text.slice(0, index).split('\n').length;
          found.push(`${path}:${line} calls ${name} without sideEffect`);
        }
      }
    }
  }
  if (/\b(?:import|require)\(\s*'(?:node:)?(?:fs|child_process)/.test(text))
    found.push(`${path} imports node:fs late`);
  return found;
}

t.test('a side effect without a kill point is found', async (t) => {
  const text = "import { rmSync, readFileSync } from 'node:fs';\n";
  t.same(unwitnessed('x.ts', `${text}rmSync(path);`), ['x.ts:2 calls rmSync without sideEffect']);
  t.same(unwitnessed('x.ts', `${text}sideEffect(effect, () => rmSync(path));readFileSync(path)`), []);
  t.equal(unwitnessed('x.ts', "import * as fs from 'node:fs';").length, 1);
  t.equal(unwitnessed('x.ts', "import { spawn } from 'node:child_process';").length, 1);
  t.equal(unwitnessed('x.ts', "await import('node:fs')").length, 1);
});

t.test('everything that a chain does to disk and cluster passes through the seam', async (t) => {
  const found = [...modules('lib/chain'), ...modules('lib/slurm')].flatMap((path) =>
    unwitnessed(path, readFileSync(join(PACKAGE_ROOT, path), 'utf8')),
  );
  t.same(found, []);
  const spawning = readFileSync(join(PACKAGE_ROOT, SPAWNS), 'utf8');
  t.match(
    spawning,
    /sideEffect\(\{ kind: 'slurm', what: \w+ \}, call\)/,
    'programs that change something, too',
  );
  const atomic = readFileSync(join(PACKAGE_ROOT, 'lib/atomic-file.ts'), 'utf8');
  t.match(atomic, /sideEffect\(\{ kind: 'write', what: path \}, /, 'files that are replaced, too');
});

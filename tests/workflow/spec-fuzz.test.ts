import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { isTreatedWell } from './written-spec.js';

fc.configureGlobal({ seed: 20260117 });

const FOLDER = `${PACKAGE_ROOT}config/examples/`;
/** Those of many jobs take longer, and have nothing in them that others have not. */
const LARGE = ['barriers.yaml', 'hundred-jobs.yaml'];
const EXAMPLES = readdirSync(FOLDER)
  .filter((name) => !LARGE.includes(name))
  .map((name) => ({ name, text: readFileSync(FOLDER + name, 'utf8') }));
const EXTENSIONS = ['yaml', 'json', 'json5', 'kdl', 'txt'];

const PIECES = [
  ...[
    'name',
    'jobs',
    'command',
    'parameters',
    'files',
    'data',
    'use_parameters',
    'depends_on',
    'slurm_defaults',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    ':',
    ',',
    '"',
    "'",
    '#',
    '//',
    '/*',
    '*/',
    '\\',
    '\n',
    '\n  ',
    '- ',
    '\t',
    ' ',
    '=',
    ';',
  ],
  ...[
    '{i}',
    '{i:03d}',
    `$\{files.input.a}`,
    '1:3',
    '[a,b]',
    'null',
    'true',
    '#true',
    '~',
    '-1',
    '1e400',
    '0x10',
    '&a',
    '*a',
  ],
  ...[
    '__proto__',
    'constructor',
    '\u0000',
    '\uFEFF',
    '\u2028',
    '\uD800',
    'é',
    '%',
    '!!set',
    '---\n',
    '/-',
    '\\u{',
    '(',
    '?',
  ],
];

const mutated = fc
  .tuple(
    fc.constantFrom(...EXAMPLES),
    fc.array(fc.tuple(fc.nat(), fc.nat(6), fc.constantFrom('', ...PIECES)), { minLength: 1, maxLength: 4 }),
  )
  .map(([{ name, text }, edits]) => ({
    name,
    text: edits.reduce((changed, [place, removed, piece]) => {
      const at = place % (changed.length + 1);
      return changed.slice(0, at) + piece + changed.slice(at + removed);
    }, text),
  }));

t.test('examples with slips of the pen', async () => {
  fc.assert(
    fc.property(mutated, ({ name, text }) => isTreatedWell(text, name)),
    { numRuns: 2000 },
  );
});

t.test('texts of nothing but pieces, and of noise', async () => {
  const noise = fc.oneof(
    fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.json(),
  );
  fc.assert(
    fc.property(noise, fc.constantFrom(...EXTENSIONS), (text, extension) =>
      isTreatedWell(text, `x.${extension}`),
    ),
    { numRuns: 2000 },
  );
});

t.test('nesting without end, and aliases of aliases', async (t) => {
  const deep = (open: string, close: string) => open.repeat(5000) + close.repeat(5000);
  for (const extension of EXTENSIONS) {
    for (const text of [
      deep('[', ']'),
      deep('{"a":', '}'),
      deep('a {\n', '}\n'),
      deep('- ', ''),
      '('.repeat(5000),
    ]) {
      t.ok(isTreatedWell(text, `x.${extension}`), extension);
    }
  }
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'].concat(
    [...'bcdefghij'].map((letter, at) => `${letter}: &${letter} [${Array(9).fill(`*${'abcdefghij'[at]}`)}]`),
  );
  t.ok(isTreatedWell(bomb.join('\n'), 'x.yaml'));
});

import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import json5 from 'json5';
import t from 'tap';
import { stringify } from 'yaml';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { expand } from '../../lib/workflow/expand.js';
import type { WorkflowSpec } from '../../lib/workflow/spec.js';
import { parseSpec } from '../../lib/workflow/spec-file.js';
import { validate } from '../../lib/workflow/validate.js';
import { anySpec, toKdl } from './any-spec.js';
import { errorOf } from './written-spec.js';

fc.configureGlobal({ seed: 20260117 });

const FOLDER = `${PACKAGE_ROOT}config/examples/`;
const EXAMPLES = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(FOLDER + name, 'utf8') }));
const EXTENSIONS = ['yaml', 'json', 'json5', 'kdl', 'txt'];

/** Whether a text is read, expanded and validated, or refused as it should be: any error but ours is thrown on. */
function isTreatedWell(text: string, file: string): boolean {
  const error = errorOf(() => {
    const written = parseSpec(text, file);
    const { valid, errors } = validate(written);
    const refused = errorOf(() => expand(written.spec, written.source));
    if (valid !== (refused === null)) throw new Error('expansion and validation are not of one mind');
    if (refused !== null && refused.message !== errors[0])
      throw new Error('they differ about the first error');
    if (refused !== null) throw refused;
  });
  return (
    error === null ||
    (error.code === 'bad-spec' && error.message.startsWith(`${file}:`) && !/\n/.test(error.message))
  );
}

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
    { numRuns: 2500 },
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

t.test('specifications of the right shape with anything in them', async () => {
  fc.assert(
    fc.property(anySpec, (spec) => isTreatedWell(JSON.stringify(spec), 'x.json')),
    { numRuns: 1000 },
  );
});

t.test('one workflow in four syntaxes is one workflow', async () => {
  fc.assert(
    fc.property(anySpec, (spec) => {
      const json = JSON.stringify(spec);
      const outcomes = [
        outcome(json, 'x.json'),
        outcome(json5.stringify(JSON.parse(json), null, 1), 'x.json5'),
        outcome(stringify(JSON.parse(json)), 'x.yaml'),
        outcome(toKdl(JSON.parse(json) as WorkflowSpec), 'x.kdl'),
      ];
      return new Set(outcomes).size === 1;
    }),
    { numRuns: 150 },
  );
});

/** The model, or what is wrong without the places, which differ. */
function outcome(text: string, file: string): string {
  const { spec, source } = parseSpec(text, file);
  const { errors, ...result } = validate({ spec, source });
  const problems = errors.map((error) => error.replace(/^\S+:\d+:\d+: /, ''));
  return JSON.stringify([result, problems, errors.length === 0 ? expand(spec, source) : null]);
}

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

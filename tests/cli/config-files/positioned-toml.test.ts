import fc from 'fast-check';
import { stringify } from 'smol-toml';
import t from 'tap';
import { isUnreadable, type Path, type PositionedText } from '../../../lib/positioned-text.js';
import { parseToml } from '../../../lib/positioned-toml.js';

fc.configureGlobal({ seed: 20260130 });

t.test('where things stand', async (t) => {
  const text = [
    'a.b = 1 # c = 2',
    '"q.r" = """x = 1',
    '[n]"""',
    '[t.u]',
    '  v = [1, { w = 2, x.y = 3 },',
    '   # 9',
    '   "]", [4]]',
    '[[l]]',
    'd = 1979-05-27 07:32:00Z',
    '[[l]]',
    '[l.m]',
    'k = 1',
    '[[l.p]]',
    "z = '''a'b'''",
  ].join('\n');
  const parsed = read(text);
  for (const [path, line, column] of [
    [['a', 'b'], 1, 3],
    [['q.r'], 2, 1],
    [['t', 'u', 'v'], 5, 3],
    [['t', 'u', 'v', 1, 'w'], 5, 13],
    [['t', 'u', 'v', 1, 'x', 'y'], 5, 22],
    [['t', 'u', 'v', 2], 7, 4],
    [['t', 'u', 'v', 3, 0], 7, 10],
    [['l', 0, 'd'], 9, 1],
    [['l', 1, 'm', 'k'], 12, 1],
    [['l', 1, 'p', 0, 'z'], 14, 1],
    [['l', 1, 'missing'], 10, 3],
  ] as const) {
    t.same(parsed.positionOf(path), { line, column }, path.join('/'));
  }
});

const key = fc.stringMatching(/^[a-z]{1,6}$/);
const scalar = fc.oneof(fc.integer(), fc.boolean(), fc.string());
const { table } = fc.letrec<{ table: Record<string, unknown> }>((tie) => ({
  table: fc.dictionary(
    key,
    fc.oneof({ maxDepth: 4 }, scalar, fc.array(scalar), tie('table'), fc.array(tie('table'))),
    { maxKeys: 4 },
  ) as fc.Arbitrary<Record<string, unknown>>,
}));

t.test('every key is where the text has it', async () => {
  fc.assert(
    fc.property(table, (value) => {
      const text = stringify(value);
      const parsed = read(text);
      const lines = text.split('\n');
      for (const path of keysOf(value)) {
        const { line, column } = parsed.positionOf(path);
        const found = lines[line - 1]?.slice(column - 1) ?? '';
        if (!found.startsWith(String(path.at(-1))))
          throw new Error(`${path.join('/')}: ${line}:${column} in\n${text}`);
      }
    }),
    { numRuns: 500 },
  );
});

t.test('whatever the text, it is read or refused with a place', async () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60, unit: fc.constantFrom(...'ab"\'[]{}=.,#\n \\') }), (text) => {
      const parsed = parseToml(text);
      if (isUnreadable(parsed) && parsed.position.line < 1) throw new Error('no place');
    }),
    { numRuns: 2000 },
  );
});

function read(text: string): PositionedText {
  const parsed = parseToml(text);
  if (isUnreadable(parsed)) throw new Error(`${parsed.message}: ${text}`);
  return parsed;
}

/** Paths that end in a key; lists of tables may stand in brackets above, which count by their items. */
function keysOf(value: unknown, path: Path = []): Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => keysOf(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const isWritten = typeof child !== 'object' || Array.isArray(child) === false || child.length > 0;
    return [...(isWritten ? [[...path, name]] : []), ...keysOf(child, [...path, name])];
  });
}

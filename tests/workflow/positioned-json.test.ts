import fc from 'fast-check';
import json5 from 'json5';
import t from 'tap';
import { parseJson, parseJson5 } from '../../lib/positioned-json.js';
import { isUnreadable, type ParseText } from '../../lib/positioned-text.js';

fc.configureGlobal({ seed: 20260118 });

t.test('positions of keys, items and what is missing', async (t) => {
  const json = parseJson('{"a": 1,\n  "b": [true,\n  {"c": "x"}]}');
  if (isUnreadable(json)) throw new Error(json.message);
  t.same(json.value, { a: 1, b: [true, { c: 'x' }] });
  t.same(json.positionOf(['a']), { line: 1, column: 2 });
  t.same(json.positionOf(['b']), { line: 2, column: 3 });
  t.same(json.positionOf(['b', 0]), { line: 2, column: 9 });
  t.same(json.positionOf(['b', 1, 'c']), { line: 3, column: 4 });
  t.same(json.positionOf(['b', 1, 'd']), { line: 3, column: 3 }, 'of a missing one, its parent');
  t.same(json.positionOf(['z', 1]), { line: 1, column: 1 });
  t.same(json.positionOf([]), { line: 1, column: 1 });
});

/** JSON and JSON5 with a slip of the pen: sometimes still right. */
const slips = fc
  .tuple(
    fc.jsonValue({ maxDepth: 3 }),
    fc.boolean(),
    fc.nat(),
    fc.nat(2),
    fc.constantFrom(
      ...['', ' ', ',', ':', '{', '}', '[', ']', '"', "'", '/', '//', '/**/', '\\', '\n', '1', '-', 'e'],
    ),
  )
  .map(([value, bare, place, removed, piece]) => {
    const text = bare ? json5.stringify(value, null, 1) : JSON.stringify(value);
    const at = place % (text.length + 1);
    return text.slice(0, at) + piece + text.slice(at + removed);
  });

/** Whether both read the same, or neither reads it. A key that stands twice is for us to refuse. */
function agrees(parse: ParseText, library: (text: string) => unknown, text: string): boolean {
  const ours = parse(text);
  if (isUnreadable(ours) && /stands here twice/.test(ours.message)) return true;
  try {
    const theirs = library(text);
    return !isUnreadable(ours) && json5.stringify(ours.value) === json5.stringify(theirs);
  } catch {
    return isUnreadable(ours);
  }
}

t.test('what is JSON, and what it says, is as the libraries have it', async () => {
  fc.assert(
    fc.property(slips, (text) => agrees(parseJson, (one) => JSON.parse(one) as unknown, text)),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(slips, (text) => agrees(parseJson5, (one) => json5.parse(one) as unknown, text)),
    { numRuns: 3000 },
  );
});

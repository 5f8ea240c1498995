import fc from 'fast-check';
import t from 'tap';
import { FormatError } from '../../lib/format-error.js';
import { namePattern } from '../../lib/workflow/name-pattern.js';

fc.configureGlobal({ seed: 20260115 });

const FOUND: [pattern: string, found: string[], not: string[]][] = [
  ['^work_\\d+$', ['work_1', 'work_22'], ['work_', 'a_work_1', 'work_1x']],
  ['ork', ['work_1', 'forks'], ['wrk']],
  ['(?i)WORK', ['work', 'Work'], ['wrk']],
  ['(?P<stage>\\w+)_end', ['a_end'], ['_end!e', 'end']],
  ['(?x) ^ a \\d # one digit\n $', ['a1'], ['a12', ' a1']],
  ['(?s-u)a.b', ['a\nb'], ['ab']],
  ['^[[:alpha:]_]+$', ['a_b'], ['a1']],
  ['^[[:digit:][:upper:]]+$', ['1A'], ['1a']],
  ['a\\-b\\_c', ['a-b_c'], ['a_b']],
  ['\\Aab\\z', ['ab'], ['abc', 'xab']],
  ['^[]a]+$', [']a'], ['b']],
  ['^[^]a]+$', ['b'], ['a', ']']],
  ['^a]b}$', ['a]b}'], ['ab']],
  ['^a{2,3}$', ['aa', 'aaa'], ['a', 'aaaa']],
  ['^\\x{41}$', ['A'], ['x']],
  ['^\\pL+$', ['aé'], ['1']],
  ['^\\p{Lu}$', ['É'], ['é']],
  ['^[\\pN_\\p{Lu}]+$', ['É_1'], ['é']],
  ['^[\\w-]+$', ['a-b'], ['a.b']],
  ['^(?:a|b)+$', ['ab'], ['c']],
  ['', ['', 'anything'], []],
];

t.test('patterns are searched for, and read as the regex crate reads them', async (t) => {
  for (const [pattern, found, not] of FOUND) {
    const expression = namePattern(pattern);
    for (const name of found) t.ok(expression.test(name), `${JSON.stringify(pattern)} in ${name}`);
    for (const name of not) t.notOk(expression.test(name), `${JSON.stringify(pattern)} not in ${name}`);
  }
});

t.test('what is no pattern, or none that can be translated', async (t) => {
  for (const pattern of ['(', '*a', 'a(?i)b', '[a&&b]', '[a[b]]', 'a{', '\\q', '\\1', '[a', '\\', '[z-a]']) {
    t.throws(() => namePattern(pattern), FormatError, pattern);
  }
  t.throws(() => namePattern('[[:word'), FormatError);
  t.throws(() => namePattern('[[:nothing:]]'), /not \[\[:nothing:\]\]/);
});

t.test('any text is a pattern or a FormatError', async () => {
  const pieces = fc.constantFrom(
    ...'()[]{}^$*+?|.\\-:&~<>=!PLax1, #_/'.split(''),
    '(?P<',
    '[[:',
    ':]]',
    '\\x{',
    '\\p',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => isPatternOrRefused(parts.join(''))),
    { numRuns: 1500 },
  );
});

t.test('escaped text is found as it stands', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii', maxLength: 12 }), (text) => {
      const escaped = text.replace(/[^\w\s<>]/g, '\\$&');
      return namePattern(escaped).test(`x${text}x`);
    }),
  );
});

function isPatternOrRefused(pattern: string): boolean {
  try {
    return namePattern(pattern) instanceof RegExp;
  } catch (error) {
    if (error instanceof FormatError) return true;
    throw error;
  }
}

import fc from 'fast-check';
import t from 'tap';
import { FormatError } from '../../lib/format-error.js';
import {
  type ExitCode,
  formatExitCode,
  parseExitCode,
  readingsOf,
  selectExitRule,
} from '../../lib/slurm/exit-code.js';

t.test('reads code and signal', async (t) => {
  t.same(parseExitCode('127:0'), { code: 127, signal: 0 });
  t.same(parseExitCode('0:9'), { code: 0, signal: 9 });
  t.same(parseExitCode('0:125'), { code: 0, signal: 125 });
  t.same(parseExitCode('137:0'), { code: 137, signal: 0 }, 'scontrol has the true code');
  for (const text of ['', '9', ':', '9:', ':9', '-1:0', '1:0:0', ' 1:0', '1:0\n', '1000:0', 'ExitCode']) {
    t.throws(() => parseExitCode(text), FormatError, JSON.stringify(text));
  }
});

/** Whether a rule written for exit code `rule` speaks of this failed job. */
function matches(rule: number, exit: ExitCode): boolean {
  return readingsOf(exit).includes(rule);
}

/** What the script returned, and what sacct printed of it in a FAILED row. */
const PRINTED: [number, string][] = [
  [1, '1:0'],
  [2, '2:0'],
  [100, '100:0'],
  [126, '126:0'],
  [127, '127:0'],
  [128, '0:0'],
  [129, '1:0'],
  [130, '2:0'],
  [137, '9:0'],
  [139, '11:0'],
  [143, '15:0'],
  [200, '72:0'],
  [255, '127:0'],
];

t.test('a rule on what a script returned matches what sacct and scontrol print', async (t) => {
  for (const [code, printed] of PRINTED) {
    t.ok(matches(code, parseExitCode(printed)), `${code} as ${printed}`);
    t.ok(matches(code, { code, signal: 0 }), `${code} in full`);
  }
});

t.test('a rule on 128 + signal matches a death by that signal', async (t) => {
  t.ok(matches(137, parseExitCode('0:9')));
  t.ok(matches(143, parseExitCode('0:15')));
  t.notOk(matches(9, parseExitCode('0:9')));
  t.notOk(matches(0, parseExitCode('0:9')));
  t.notOk(matches(128, parseExitCode('0:9')));
});

t.test('other codes do not match', async (t) => {
  t.notOk(matches(9, { code: 137, signal: 0 }), 'a true 137 is not 9');
  t.notOk(matches(3, parseExitCode('4:0')));
  t.notOk(matches(265, { code: 137, signal: 0 }));
});

t.test('the printed code comes before what it may stand for', async (t) => {
  const rules = new Map([
    [9, 'nine'],
    [137, 'killed'],
    [128, 'none'],
  ]);
  t.equal(selectExitRule(rules, parseExitCode('9:0')), 'nine');
  t.equal(selectExitRule(rules, parseExitCode('0:9')), 'killed');
  t.equal(selectExitRule(rules, { code: 137, signal: 0 }), 'killed');
  t.equal(selectExitRule(rules, parseExitCode('0:0')), 'none');
  t.equal(selectExitRule(rules, parseExitCode('1:0')), undefined);
  t.equal(selectExitRule(new Map([[137, undefined]]), parseExitCode('9:0')), undefined);
});

t.test('a rule is selected exactly when one matches', async () => {
  const exit = fc.record({
    code: fc.integer({ min: 0, max: 255 }),
    signal: fc.integer({ min: 0, max: 127 }),
  });
  const rules = fc.uniqueArray(fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(rules, exit, (codes, code) => {
      const selected = selectExitRule(new Map(codes.map((rule) => [rule, rule])), code);
      const matching = codes.filter((rule) => matches(rule, code));
      return selected === undefined ? matching.length === 0 : matching.includes(selected);
    }),
  );
  fc.assert(fc.property(exit, (code) => t.same(parseExitCode(formatExitCode(code)), code)));
  fc.assert(fc.property(exit, (code) => readingsOf(code).length >= 1));
});

import t from 'tap';
import type { CommandSpec } from '../../lib/cli/command.js';
import { parseArguments } from '../../lib/cli/parse.js';

const SPEC: CommandSpec = {
  name: 'probe',
  summary: 'tests the parser',
  usage: ['probe [options] <script>'],
  examples: [],
  groups: [
    {
      title: 'One',
      options: [
        { name: 'array', alias: 'a', value: 'spec', help: '' },
        { name: 'throttle', alias: 't', value: 'n', help: '' },
        { name: 'export', alias: 'e', value: 'vars', many: true, help: '' },
        { name: 'max-level', alias: 'l', value: 'n', help: '' },
      ],
    },
    {
      title: 'Two',
      options: [
        { name: 'watch', alias: 'w', value: 'sec', optional: true, help: '' },
        { name: 'format', alias: 'f', value: 'format', choices: ['text', 'json'], help: '' },
        { name: 'wait', help: '' },
        { name: 'no-wait', help: '' },
        { name: 'list', alias: 'x', help: '' },
      ],
    },
  ],
};

const NAMES = ['array', 'throttle', 'export', 'max-level', 'watch', 'format', 'wait', 'no-wait', 'list'];

/** The options that were given with their values, and the words behind them. */
function parsed(words: string[]) {
  const args = parseArguments(SPEC, words);
  const given = NAMES.filter((name) => args.has(name)).map((name) => [name, args.list(name)]);
  return [Object.fromEntries(given), args.positionals];
}

const READ: [words: string[], options: Record<string, string[]>, positionals: string[]][] = [
  [[], {}, []],
  [['--array', '0-9'], { array: ['0-9'] }, []],
  [['--array=0-9'], { array: ['0-9'] }, []],
  [['-a', '0-9', '-t', '5'], { array: ['0-9'], throttle: ['5'] }, []],
  [['-t5'], { throttle: ['5'] }, []],
  [['-a=0-9'], { array: ['0-9'] }, []],
  [['-a', '0'], { array: ['0'] }, []],
  [['--array=007'], { array: ['007'] }, []],
  [['--throttle=1e3'], { throttle: ['1e3'] }, []],
  [['-a', '-5'], { array: ['-5'] }, []],
  [['--max-level', '2'], { 'max-level': ['2'] }, []],
  [['-e', 'A=1,B=2', '--export=C=x=y'], { export: ['A=1,B=2', 'C=x=y'] }, []],
  [['--export='], { export: [''] }, []],
  [['--export', 'A=two words\nlines'], { export: ['A=two words\nlines'] }, []],
  [['--wait'], { wait: [] }, []],
  [['--no-wait'], { 'no-wait': [] }, []],
  [['-x', '--wait'], { list: [], wait: [] }, []],
  [['--watch'], { watch: [''] }, []],
  [['--watch', '2'], { watch: ['2'] }, []],
  [['--watch=2', '--wait'], { watch: ['2'], wait: [] }, []],
  [['--watch', '--wait'], { watch: [''], wait: [] }, []],
  [['-f', 'json'], { format: ['json'] }, []],
  // What follows the script is the script's, whatever it looks like.
  [['job.sh', '--array=5', '-x', '--nope'], {}, ['job.sh', '--array=5', '-x', '--nope']],
  [['-a', '0-9', 'job.sh', '', '-a', '7', 'a b'], { array: ['0-9'] }, ['job.sh', '', '-a', '7', 'a b']],
  [['--wait', 'job.sh'], { wait: [] }, ['job.sh']],
  [['job.sh', '007', '1.50', '1e3'], {}, ['job.sh', '007', '1.50', '1e3']],
  [['--', '--odd name.sh', '-x'], {}, ['--odd name.sh', '-x']],
];

t.test('reads options as they are written', async (t) => {
  for (const [words, options, positionals] of READ) {
    t.same(parsed(words), [options, positionals], JSON.stringify(words));
  }
});

const REFUSED: [string[], RegExp][] = [
  [['--aray=0-9'], /^unknown option --aray; did you mean --array\?$/],
  [['--mem=4G', 'job.sh'], /^unknown option --mem; did you mean --/],
  [['--Array=0-9'], /^unknown option --Array; did you mean --array\?$/],
  [['-z'], /^unknown option -z$/],
  [['--maxLevel=2'], /^unknown option --maxLevel; did you mean --max-level\?$/],
  [['--array.x=2'], /^unknown option --array\.x; did you mean --array\?$/],
  [['--array'], /^--array needs a value: --array <spec>$/],
  [['--array='], /^--array needs a value: --array <spec>$/],
  [['--array', '--wait'], /^--array needs a value/],
  [['-a'], /^--array needs a value/],
  [['--array=1', '--array=2'], /^--array is given 2 times, expected once$/],
  [['-a', '1', '--array=2'], /^--array is given 2 times/],
  [['--format=xml'], /^--format xml: expected text or json$/],
];

t.test('refuses what it does not know', async (t) => {
  for (const [words, message] of REFUSED) {
    t.throws(
      () => parsed(words),
      { name: 'AfterokError', code: 'bad-option', exitCode: 2, message },
      words.join(' '),
    );
  }
});

t.test('whole numbers', async (t) => {
  const integer = (text: string, least: number) =>
    parseArguments(SPEC, [`--throttle=${text}`]).integer('throttle', least);
  t.equal(parseArguments(SPEC, []).integer('throttle', 1), null);
  t.equal(integer('1', 1), 1);
  t.equal(integer('0', 0), 0);
  t.equal(integer('0012', 1), 12);
  for (const [text, least] of [
    ['0', 1],
    ['-1', 0],
    ['1.5', 0],
    ['1e3', 0],
    ['many', 0],
    ['9999999999', 0],
    [' 5', 0],
  ] as const) {
    const message = `--throttle ${text}: expected a whole number of at least ${least}`;
    t.throws(() => integer(text, least), { code: 'bad-option', message }, text);
  }
});

t.test('texts', async (t) => {
  const args = parseArguments(SPEC, ['-e', 'A=1', '-e', 'B=2']);
  t.equal(args.text('export'), 'A=1');
  t.equal(args.text('array'), null);
  t.same(args.list('array'), []);
  t.equal(args.has('array'), false);
});

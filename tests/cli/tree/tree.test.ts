import t from 'tap';
import { commandMaker, type Program } from '../../../lib/cli/tree/command.js';
import { renderCommandHelp } from '../../../lib/cli/tree/help.js';
import {
  choice,
  decimal,
  fallback,
  flag,
  integer,
  repeated,
  required,
  text,
  truth,
} from '../../../lib/cli/tree/option.js';
import { runProgram } from '../../../lib/cli/tree/run.js';

interface Log {
  globals: unknown;
  values: unknown;
}

const command = commandMaker<Log>();

const pick = command({
  name: 'pick',
  aliases: ['choose'],
  summary: 'Pick apples',
  positionals: { tree: required(integer('Which tree')), 'more-trees': repeated(integer('Others')) },
  options: {
    colour: choice('Which', ['red', 'green'], { alias: 'c' }),
    'at-most': fallback(integer('How many', { alias: 'n', otherName: 'limit' }), 10),
    weight: decimal('Kilograms'),
    ripe: truth('Whether they are'),
    quickly: flag('Run'),
    'job-ids': repeated(integer('Jobs'), ','),
    where: text('Where'),
  },
  examples: [{ text: 'Two', command: 'farm apples pick 1 -n 2' }],
  async run(values, log) {
    const most: number = values.atMost;
    log.values = values;
    return most;
  },
});

const FARM: Program<Log> = {
  name: 'farm',
  summary: 'A farm',
  globals: { format: choice('Format', ['table', 'json'], { alias: 'f' }), url: text('Address') },
  commands: [
    { kind: 'group', name: 'apples', aliases: [], summary: 'Apples', load: async () => [pick] },
    command({
      name: 'plot',
      summary: 'Plot',
      options: { format: text('Of the plot', { alias: 'f' }) },
      async run(values, log) {
        log.values = values;
      },
    }),
  ],
  examples: [],
};

async function farm(...argv: string[]): Promise<{ code: number; log: Log }> {
  const log: Log = { globals: null, values: null };
  const code = await runProgram(FARM, argv, {
    version: '1',
    open: async (globals) => {
      log.globals = globals;
      return log;
    },
    close: async () => undefined,
  });
  return { code, log };
}

const NOTHING = {
  ...{ colour: undefined, atMost: 10, weight: undefined, ripe: undefined, quickly: false, jobIds: [] },
  ...{ where: undefined, moreTrees: [] },
};

t.test('values of a command', async (t) => {
  for (const [words, values] of [
    ['1', { tree: 1 }],
    ['--quickly 1', { tree: 1, quickly: true }],
    ['--quickly -- 1', { tree: 1, quickly: true }],
    ['1 2 3', { tree: 1, moreTrees: [2, 3] }],
    ['-c red 1 --at-most=3', { tree: 1, colour: 'red', atMost: 3 }],
    ['1 --limit 4 --quickly 2', { tree: 1, moreTrees: [2], atMost: 4, quickly: true }],
    ['1 --weight 0.5 --ripe false', { tree: 1, weight: 0.5, ripe: false }],
    ['1 --job-ids 1,2 --job-ids 3', { tree: 1, jobIds: [1, 2, 3] }],
    ['--where here -- 1', { tree: 1, where: 'here' }],
  ] as const) {
    const { log } = await farm('apples', 'pick', ...words.split(' '));
    t.same(log.values, { ...NOTHING, ...values }, words);
  }
});

t.test('global options stand anywhere', async (t) => {
  for (const words of [
    '-f json --url u apples pick 1',
    'apples -fjson --url=u pick 1',
    '--format json apples pick --url u 1',
    'apples choose 1 --url u -f json',
    '-f table apples pick 1 -f json --url u',
  ]) {
    const { code, log } = await farm(...words.split(' '));
    t.same([code, log.globals], [10, { format: 'json', url: 'u' }], words);
  }
});

t.test("a command's own option wins over the program's behind its name", async (t) => {
  const { log } = await farm('-f', 'json', 'plot', '-f', 'html');
  t.same(log, { globals: { format: 'json', url: undefined }, values: { format: 'html' } });
});

t.test('mistakes', async (t) => {
  for (const [words, message] of [
    ['aples', 'unknown command aples; did you mean apples?'],
    ['apples pik', 'unknown command pik; did you mean pick?'],
    ['apples pick', 'TREE is missing'],
    ['apples pick x', 'TREE x: expected a whole number of at least 0'],
    ['apples pick 1 -c blue', '--colour blue: expected red, green'],
    ['apples pick 1 --colur red', 'unknown option --colur; did you mean --colour?'],
    ['apples pick 1 -z', 'unknown option -z'],
    ['--bogus apples', /^unknown option --bogus; did you mean --/],
    ['apples pick 1 --where', '--where needs a value: --where <TEXT>'],
    ['apples pick 1 --where a --where b', '--where is given 2 times, expected once'],
    ['apples pick 1 --weight 0', '--weight 0: expected a number above 0'],
    ['plot too', 'unexpected argument too'],
    ['-f xml plot', '--format xml: expected table, json'],
  ] as const) {
    await t.rejects(farm(...words.split(' ')), { code: 'bad-option', message }, words);
  }
});

t.test('help shows what a command takes', async (t) => {
  const help = renderCommandHelp('farm apples pick', pick, FARM.globals);
  for (const line of [
    '  farm apples pick [OPTIONS] TREE [MORE_TREES...]',
    '  TREE                          Which tree [required]',
    '  -n, --at-most <N>             How many [default: 10]',
    '  -f, --format <table|json>     Format',
    '  farm apples pick 1 -n 2',
    '  choose',
  ]) {
    t.ok(help.split('\n').includes(line), line);
  }
});

import fc from 'fast-check';
import t from 'tap';
import { FormatError } from '../../lib/format-error.js';
import { SBATCH_OPTIONS, type SbatchOptionName } from '../../lib/slurm/sbatch-option-table.js';
import {
  buildSbatchArgs,
  findOption,
  parseSbatchOptions,
  type SbatchSettings,
} from '../../lib/slurm/sbatch-options.js';

/** Tokens, and what sbatch 22.05 makes of them: names and values. */
const READ: [string[], [SbatchOptionName, string | null][]][] = [
  [['-p', 'day'], [['partition', 'day']]],
  [['-pday'], [['partition', 'day']]],
  [['-p=day'], [['partition', '=day']]],
  [
    ['-p', '-J', '-H'],
    [
      ['partition', '-J'],
      ['hold', null],
    ],
  ],
  [['-partition'], [['partition', 'artition']]],
  [['--partition=day'], [['partition', 'day']]],
  [['--partition', 'day'], [['partition', 'day']]],
  [['--part=day'], [['partition', 'day']]],
  [['--part', 'day'], [['partition', 'day']]],
  [['--comment=a=b c'], [['comment', 'a=b c']]],
  [['--comment='], [['comment', '']]],
  [
    ['-Hp', 'day'],
    [
      ['hold', null],
      ['partition', 'day'],
    ],
  ],
  [
    ['-vHpday'],
    [
      ['verbose', null],
      ['hold', null],
      ['partition', 'day'],
    ],
  ],
  [['-koff'], [['no-kill', 'off']]],
  [['-k'], [['no-kill', null]]],
  [['-kH'], [['no-kill', 'H']]],
  [
    ['--nice', '--hold'],
    [
      ['nice', null],
      ['hold', null],
    ],
  ],
  [['--nice=5'], [['nice', '5']]],
  [['--exclusiv'], [['exclusive', null]]],
  [['--tasks=3'], [['ntasks-per-node', '3']]],
  [['--cluster=a'], [['clusters', 'a']]],
  [['--cluster-c', 'a'], [['cluster-constraint', 'a']]],
  [
    ['--mem=4G', '--time', '1-0'],
    [
      ['mem', '4G'],
      ['time', '1-0'],
    ],
  ],
  [['--res=r1'], [['reservation', 'r1']]],
  [['--oom-kill-step'], [['oom-kill-step', null]]],
  [['--hold', '--'], [['hold', null]]],
  [[], []],
];

/** Tokens, and what the message ends with. */
const REFUSED: [string[], RegExp][] = [
  [
    ['--partitoin=day'],
    /^invalid sbatch option "--partitoin=day": expected an option of sbatch; the nearest is --partition$/,
  ],
  [['--HOLD'], /nearest is --/],
  [['--nosuchopt'], /nearest is --/],
  [['--cpus_per_task=2'], /nearest is --cpus-per-task$/],
  [['--hold=1'], /--hold without a value$/],
  [['--mem'], /a value, as in --mem=VALUE$/],
  [['-p'], /a value, as in --partition=VALUE$/],
  [['-Hp'], /a value, as in --partition=VALUE$/],
  [['-Z'], /"-Z": expected a letter that sbatch knows$/],
  [['-s=user'], /"-="/],
  [['--clu', 'a'], /start of --cluster-constraint, --clusters, --cluster$/],
  [['--excl'], /start of --exclude, --exclusive$/],
  [['--=3'], /one option, not the start of/],
  [['--nice', '5'], /"5": expected a word that starts with - or --$/],
  [['foo'], /expected a word that starts with/],
  [['-'], /expected a word that starts with/],
  [['--', '-J', 'x'], /"--"/],
];

t.test('reads options as sbatch does', async (t) => {
  for (const [tokens, expected] of READ) {
    t.same(
      parseSbatchOptions(tokens).map(({ name, value }) => [name, value]),
      expected,
      tokens.join(' '),
    );
  }
});

t.test('refuses what sbatch refuses', async (t) => {
  for (const [tokens, message] of REFUSED) {
    t.throws(() => parseSbatchOptions(tokens), { name: 'FormatError', message }, tokens.join(' '));
  }
});

t.test('keeps the tokens, one option at a time', async (t) => {
  const options = parseSbatchOptions(['--part', 'day', '-HpJ', '--nice']);
  t.same(
    options.map(({ text }) => text),
    [['--part', 'day'], ['-H'], ['-pJ'], ['--nice']],
  );
});

t.test('the last of several wins', async (t) => {
  const options = parseSbatchOptions(['-J', 'first', '--job-name=last', '-H']);
  t.equal(findOption(options, 'job-name')?.value, 'last');
  t.equal(findOption(options, 'hold')?.value, null);
  t.equal(findOption(options, 'array'), undefined);
});

t.test('builds arguments in the order of the keys', async (t) => {
  const settings = {
    partition: 'day',
    hold: true,
    mem: null,
    nice: 5,
    time: undefined,
    exclusive: true,
    comment: '',
  } as const;
  t.same(buildSbatchArgs(settings), ['--partition=day', '--hold', '--nice=5', '--exclusive', '--comment=']);
  const refused: SbatchSettings[] = [
    { partitoin: 'day' },
    { part: 'day' },
    { hold: 'yes' },
    { mem: true },
    { comment: 'a\0b' },
  ];
  for (const bad of refused) t.throws(() => buildSbatchArgs(bad), FormatError, JSON.stringify(bad));
});

const names = Object.keys(SBATCH_OPTIONS) as SbatchOptionName[];
const setting = fc.constantFrom(...names).chain((name) => {
  const text = fc.string().filter((value) => !value.includes('\0'));
  const kinds = {
    required: text,
    optional: fc.oneof(text, fc.constant(true as const)),
    none: fc.constant(true as const),
  };
  return kinds[SBATCH_OPTIONS[name].value].map((value): [SbatchOptionName, string | true] => [name, value]);
});

t.test('what is built reads back, and so do the kept tokens', async () => {
  fc.assert(
    fc.property(fc.uniqueArray(setting, { selector: ([name]) => name }), (entries) => {
      const options = parseSbatchOptions(buildSbatchArgs(Object.fromEntries(entries)));
      t.same(
        options.map(({ name, value }) => [name, value ?? true]),
        entries,
      );
      t.same(parseSbatchOptions(options.flatMap(({ text }) => text)), options);
    }),
    { numRuns: 200 },
  );
});

t.test('throws nothing but FormatError', async () => {
  const token = fc.oneof(
    fc.string(),
    fc.constantFrom('-p', '-H', '--mem', '--', '-', '--n', '--nice', '-vk', '=', '--constructor'),
  );
  fc.assert(
    fc.property(fc.array(token), (tokens) => {
      try {
        const options = parseSbatchOptions(tokens);
        t.same(parseSbatchOptions(options.flatMap(({ text }) => text)), options);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    }),
    { numRuns: 1000 },
  );
});

import fc from 'fast-check';
import t from 'tap';
import { FormatError } from '../../lib/format-error.js';
import { readBatchScript } from '../../lib/slurm/batch-script.js';

/** A directive line, and the arguments that `sbatch -vvv` of Slurm 22.05 reports to have found in it. */
const TOKENS: [string, string[]][] = [
  ['#SBATCH -J x -p day', ['-J', 'x', '-p', 'day']],
  ['#SBATCH\t-J a\tb', ['-J', 'a', 'b']],
  ['#SBATCH-py', ['-py']],
  ['#SBATCHX -p y', ['X', '-p', 'y']],
  ['#SLURM -p y', ['-p', 'y']],
  ['#SBATCH --comment="a b" -J x # trailing', ['--comment=a b', '-J', 'x']],
  ['#SBATCH --comment=a#b -J x', ['--comment=a']],
  ['#SBATCH --comment="a#b" -J x', ['--comment=a#b', '-J', 'x']],
  ['#SBATCH --comment=a\\#b -J x', ['--comment=a#b', '-J', 'x']],
  ['#SBATCH --comment="a\\"b" -J x\\ y', ['--comment=a"b', '-J', 'x', 'y']],
  ["#SBATCH --comment='a\\'b' -p y", ["--comment=a'b", '-p', 'y']],
  ["#SBATCH --comment='a\\\\b\"' -J x", ['--comment=a\\b"', '-J', 'x']],
  ['#SBATCH --comment=a"b c"d\'e\' -p y', ['--comment=ab cde', '-p', 'y']],
  ['#SBATCH -J x \\', ['-J', 'x']],
  ['#SBATCH --comment "" -J x', ['--comment']],
  ['#SBATCH -p a:b', ['-p', 'a:b']],
  ['#SBATCH -J a\u00a0b', ['-J', 'a\u00a0b']],
  ['#SBATCH', []],
  ['#SBATCH # nothing', []],
];

t.test('splits directives as sbatch does', async (t) => {
  for (const [line, tokens] of TOKENS) {
    t.same(readBatchScript(`#!/bin/sh\n${line}\n`).directives, [{ line: 2, tokens }], line);
  }
});

t.test('reads up to the first command', async (t) => {
  const script = [
    '#!/bin/bash -l',
    '# a comment',
    '#SBATCH --partition=day',
    '',
    '   ',
    '  # indented',
    ' #SBATCH --partition=indented',
    '##SBATCH --partition=double',
    '#sbatch --partition=lower',
    '#PBS -N other',
    '#SBATCH --array=1-10',
    'echo done',
    '#SBATCH --partition=late',
  ];
  t.same(readBatchScript(script.join('\n')), {
    interpreter: '/bin/bash -l',
    directives: [
      { line: 3, tokens: ['--partition=day'] },
      { line: 11, tokens: ['--array=1-10'] },
    ],
    hetjob: false,
  });
});

t.test('sees the components of a heterogeneous job', async (t) => {
  for (const word of ['hetjob', 'packjob']) {
    const { directives, hetjob } = readBatchScript(`#!/bin/sh\n#SBATCH -n1\n#SBATCH ${word}\n#SBATCH -n2\n`);
    t.ok(hetjob);
    t.same(
      directives.map(({ line }) => line),
      [2, 4],
    );
  }
});

/** Script, and the message. */
const REFUSED: [string, string | RegExp][] = [
  ['', 'invalid batch script "": expected more than empty lines'],
  ['  \n\n', /expected more than empty lines$/],
  [
    'echo hi\n',
    'invalid batch script line 1 "echo hi": expected #! followed by the path to an interpreter, such as #!/bin/bash',
  ],
  [' #!/bin/sh\n', /line 1 .* expected #!/],
  [
    '#!/bin/sh\necho a\r\necho b\n',
    'invalid batch script line 2 "echo a\\r": expected UNIX line ends (\\n) instead of DOS ones (\\r\\n)',
  ],
  ['#!/bin/sh\r\n', /line 1 .*UNIX line ends/],
  ['#!/bin/sh\n#SBATCH -J a\0b\n', /line 2 .*NUL/],
  [
    '#!/bin/sh\n\n#SBATCH --comment="a -J x\n',
    'invalid batch script line 3 " --comment=\\"a -J x": expected a closing "',
  ],
  ["#!/bin/sh\n#SBATCH 'a\\'\n", /line 2 .*closing '$/],
  ['#!/bin/sh\n#SBATCH -n 3 : -n 4\n', /line 2 .*no ":"/],
];

t.test('refuses what sbatch refuses, naming the line', async (t) => {
  for (const [script, message] of REFUSED) {
    t.throws(() => readBatchScript(script), { name: 'FormatError', message }, JSON.stringify(script));
  }
});

t.test('a script without directives, or without a last line end, is fine', async (t) => {
  t.same(readBatchScript('#!/bin/sh\nhostname').directives, []);
  t.same(readBatchScript('#!/bin/sh\n#SBATCH -H').directives, [{ line: 2, tokens: ['-H'] }]);
});

t.test('quoted tokens come back whole', async () => {
  const token = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !/[\n\r\0]/.test(text));
  fc.assert(
    fc.property(fc.array(token), fc.constantFrom('"', "'"), (tokens, quote) => {
      const quoted = tokens.map((text) => quote + text.replace(/["'\\]/g, '\\$&') + quote);
      const { directives } = readBatchScript(`#!/bin/sh\n#SBATCH ${quoted.join(' ')}\n`);
      return t.same(directives[0]?.tokens, tokens);
    }),
    { numRuns: 200 },
  );
});

t.test('throws nothing but FormatError', async () => {
  const text = fc.string({
    unit: fc.constantFrom('#SBATCH', '#!', '\n', ' ', '"', "'", '\\', '#', ':', 'a', '\r', '\t'),
  });
  fc.assert(
    fc.property(text, (rest) => {
      try {
        readBatchScript(`#!/bin/sh\n${rest}`);
        return true;
      } catch (error) {
        return error instanceof FormatError;
      }
    }),
    { numRuns: 2000 },
  );
});

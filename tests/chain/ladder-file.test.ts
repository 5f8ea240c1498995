import fc from 'fast-check';
import t from 'tap';
import { NO_CAPS } from '../../lib/chain/caps.js';
import { DEFAULT_POLICY } from '../../lib/chain/ladder.js';
import { parseLadder, readLadderFile } from '../../lib/chain/ladder-file.js';
import { DEFAULT_NODE_EXCLUSION } from '../../lib/chain/node-exclusion.js';
import { AfterokError } from '../../lib/errors.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { level } from './plain-chain.js';

fc.configureGlobal({ seed: 20251224 });

const GIGABYTE = 2 ** 30;

const shipped = (name: string) => readLadderFile(`${PACKAGE_ROOT}config/ladders/${name}.yaml`);

t.test('the ladder of the test cluster', async (t) => {
  const { levels, policy, maxArraySpecLength, retryLimit, handler, history } = shipped('escalation-target');
  t.same(levels, [
    level({ partition: 'devel,day,week,pi_jetz', mem: GIGABYTE, time: 60 }),
    level({ partition: 'day,week,pi_jetz', mem: 2 * GIGABYTE, time: 120 }),
    level({ partition: 'week,pi_jetz', mem: 4 * GIGABYTE, time: 240 }),
    level({ partition: 'pi_jetz', mem: 8 * GIGABYTE, time: 480 }),
  ]);
  t.same(policy, DEFAULT_POLICY);
  t.equal(maxArraySpecLength, 4096);
  t.equal(retryLimit, 3);
  t.same(handler, { partition: null, mem: null, time: null, account: null, qos: null });
  t.same(history, { enabled: true, database: null });
});

t.test('the ladder of the table', async (t) => {
  const { levels, policy } = shipped('escalation-docker');
  t.same(levels, [
    level({ partition: 'devel,day', mem: GIGABYTE, time: 60 }),
    level({ partition: 'week', mem: 4 * GIGABYTE, time: 120 }),
    level({ partition: 'week', mem: 8 * GIGABYTE, time: 240 }),
    level({ partition: 'pi_jetz', mem: 16 * GIGABYTE, time: 480 }),
  ]);
  t.same(policy, DEFAULT_POLICY);
});

/** The configuration examples of the specification, letter for letter. */
const SPECIFIED_LEVELS = `levels:
  - partition: devel,day,week,pi_jetz
    mem: 1G
    time: "00:01:00"

  - partition: day,week,pi_jetz          # 2G: devel excluded (1G nodes)
    mem: 2G
    time: "00:02:00"

  - partition: week,pi_jetz              # 4G: only 8G+ nodes
    mem: 4G
    time: "00:04:00"

  - partition: pi_jetz                   # 8G: final fallback (1 node)
    mem: 8G
    time: "00:08:00"
`;

const SPECIFIED_HANDLING = `state_handling:
  # These get retried with more resources
  OUT_OF_MEMORY: escalate
  TIMEOUT: escalate
  DEADLINE: escalate
  PREEMPTED: escalate
  BOOT_FAIL: escalate
  NODE_FAIL: escalate

  # These are NOT retried (code errors)
  FAILED: no_retry
  CANCELLED: no_retry

  # Exit code overrides (for FAILED state)
  exit_codes:
    137: escalate    # OOM killer (128+9) - retry this
    1: no_retry      # Generic error - don't retry (default)
`;

t.test("the specification's text is accepted as it stands", async (t) => {
  const text = `${SPECIFIED_LEVELS}\n${SPECIFIED_HANDLING}\nlogging:\n  enabled: true\n  db_path: /data/tracker/escalation.db\n`;
  const { levels, policy, history } = parseLadder(text, 'escalation-config.yaml');
  t.same(levels, shipped('escalation-target').levels);
  t.same(policy, DEFAULT_POLICY);
  t.same(history, { enabled: true, database: '/data/tracker/escalation.db' });
  t.same(parseLadder(SPECIFIED_LEVELS, 'x').policy, DEFAULT_POLICY, 'levels alone');
});

t.test('every key is read', async (t) => {
  const text = `
levels:
  - { partition: day, mem: 512, time: 90, qos: high, account: lab-1, constraint: avx, gres: "gpu:1", cpus: 4, exclude: "n[1-2]" }
  - { mem: 1536M, time: UNLIMITED }
  - { mem: 0 }
state_handling:
  NODE_FAIL: retry
  exit_codes: { 75: retry, 137: no_retry }
handler: { partition: week, mem: 256M, time: 5, account: a, qos: b }
max_array_spec_len: 1000
retry_limit: 0
limits: { attempts: 20000, core_hours: 0.5, wall_time: "7-00:00:00" }
node_exclusion: { fast_fail: "00:00:30", failures: 7, expire: 90 }
completion_records: true
logging: { enabled: false }
`;
  const ladder = parseLadder(text, 'mine.yaml');
  t.equal(ladder.file, 'mine.yaml');
  t.same(ladder.levels, [
    {
      partition: 'day',
      mem: 512 * 2 ** 20,
      time: 5400,
      qos: 'high',
      account: 'lab-1',
      constraint: 'avx',
      gres: 'gpu:1',
      cpus: 4,
      exclude: 'n[1-2]',
    },
    level({ mem: 1536 * 2 ** 20, time: Number.POSITIVE_INFINITY }),
    level({ mem: 0 }),
  ]);
  t.same(ladder.policy.states, { ...DEFAULT_POLICY.states, NODE_FAIL: 'retry' });
  t.same(ladder.policy.exitCodes, [
    [137, 'no_retry'],
    [1, 'no_retry'],
    [75, 'retry'],
  ]);
  t.same(ladder.handler, { partition: 'week', mem: 256 * 2 ** 20, time: 300, account: 'a', qos: 'b' });
  t.equal(ladder.maxArraySpecLength, 1000);
  t.equal(ladder.retryLimit, 0);
  t.same(ladder.caps, { attempts: 20_000, coreHours: 0.5, wallTime: 7 * 86_400 });
  t.same(ladder.nodeExclusion, { fastFail: 30, failures: 7, expire: 5400 });
  t.equal(ladder.completionRecords, true);
  t.same(ladder.history, { enabled: false, database: null });
});

t.test('limits and node_exclusion, in part or not at all', async (t) => {
  const read = (text: string) => parseLadder(`levels: [{mem: 1G}]\n${text}`, 'x');
  t.same(read('').caps, NO_CAPS);
  t.same(read('').nodeExclusion, DEFAULT_NODE_EXCLUSION);
  t.same(read('limits: {wall_time: UNLIMITED, attempts: 5}').caps, { ...NO_CAPS, attempts: 5 });
  t.same(read('limits: {wall_time: 90}').caps, { ...NO_CAPS, wallTime: 5400 }, 'minutes, as everywhere');
  t.same(read('node_exclusion: {failures: 1}').nodeExclusion, { ...DEFAULT_NODE_EXCLUSION, failures: 1 });
  t.equal(read('node_exclusion: off').nodeExclusion, null);
});

t.test('a ladder of axes', async (t) => {
  const text = `
ladder: axes
axes: { mem: [1G, 2G, 0], time: ["00:10:00", UNLIMITED] }
base: { qos: high, account: lab, constraint: avx, gres: "gpu:1", cpus: 4, exclude: n1 }
partitions: [devel, week]
`;
  const { levels, axes } = parseLadder(text, 'axes.yaml');
  t.same(axes, { mem: 3, time: 2, partitions: ['devel', 'week'] });
  t.same(
    levels.map(({ mem, time }) => [mem, time]),
    [
      [GIGABYTE, 600],
      [GIGABYTE, Number.POSITIVE_INFINITY],
      [2 * GIGABYTE, 600],
      [2 * GIGABYTE, Number.POSITIVE_INFINITY],
      [0, 600],
      [0, Number.POSITIVE_INFINITY],
    ],
  );
  const base = { qos: 'high', account: 'lab', constraint: 'avx', gres: 'gpu:1', cpus: 4, exclude: 'n1' };
  t.same(levels[5], level({ ...base, mem: 0, time: Number.POSITIVE_INFINITY }));
  const plain = parseLadder('ladder: axes\naxes: {mem: [1G], time: [5]}\nbase: {partition: day}\n', 'x');
  t.same(plain.levels, [level({ partition: 'day', mem: GIGABYTE, time: 300 })]);
  t.same(plain.axes, { mem: 1, time: 1, partitions: null });
  t.same(parseLadder('ladder: levels\nlevels: [{mem: 1G}]\n', 'x').axes, null);
  t.same(shipped('axes').axes, { mem: 4, time: 4, partitions: ['devel', 'day', 'week', 'pi_jetz'] });
});

const AXES = 'ladder: axes\naxes: {mem: [1G, 2G], time: [5]}\n';

const LEVEL = 'levels:\n  - mem: 1G\n';

/** What is written, and how the message behind the file's name begins. */
const REFUSED: [what: string, text: string, message: string][] = [
  ['unknown key', `${LEVEL}levls: 1\n`, '3:1: levls: unknown key "levls"; did you mean "levels"?'],
  [
    'unknown key of a level',
    `${LEVEL}    parition: day\n`,
    '3:5: levels[0].parition: unknown key "parition"; did you mean "partition"?',
  ],
  [
    'unknown key of the handler',
    `${LEVEL}handler:\n  memory: 1G\n`,
    '4:3: handler.memory: unknown key "memory"; did you mean "mem"?',
  ],
  ['no levels', 'state_handling:\n  TIMEOUT: retry\n', '1:1: missing "levels"'],
  ['empty levels', 'levels: []\n', '1:1: levels: must NOT have fewer than 1 items; found []'],
  ['a level without anything', 'levels:\n  - {}\n', '2:5: levels[0]: must NOT have fewer than 1 properties'],
  ['map for a list', 'levels:\n  mem: 1G\n', '1:1: levels: must be array; found {"mem":"1G"}'],
  ['list for a map', '- mem: 1G\n', '1:1: must be object; found [{"mem":"1G"}]'],
  ['list of words', 'levels:\n  - 1G\n', '2:5: levels[0]: must be object; found "1G"'],
  ['bad memory', 'levels:\n  - mem: lots\n', '2:5: levels[0].mem: invalid memory size "lots": expected'],
  ['memory with a fraction', 'levels:\n  - mem: 1.5\n', '2:5: levels[0].mem: must be string,integer'],
  ['bad time', `${LEVEL}    time: soon\n`, '3:5: levels[0].time: invalid time "soon": expected minutes'],
  ['no time at all', `${LEVEL}    time: 0\n`, '3:5: levels[0].time: must be >= 1; found 0'],
  [
    'nothing behind a key',
    'levels:\n  - partition:\n',
    '2:5: levels[0].partition: must be string; found null',
  ],
  [
    'two words',
    'levels:\n  - partition: day week\n',
    '2:5: levels[0].partition: found "day week", expected one word without spaces',
  ],
  [
    'bad action',
    `${LEVEL}state_handling:\n  TIMEOUT: escalte\n`,
    '4:3: state_handling.TIMEOUT: expected one of escalate, retry, no_retry; found "escalte"',
  ],
  [
    'unknown state',
    `${LEVEL}state_handling:\n  TIMEOT: escalate\n`,
    '4:3: state_handling.TIMEOT: unknown Slurm state "TIMEOT"; did you mean TIMEOUT?',
  ],
  [
    'state in small letters',
    `${LEVEL}state_handling:\n  node_fail: escalate\n`,
    '4:3: state_handling.node_fail: unknown Slurm state "node_fail"; did you mean NODE_FAIL?',
  ],
  [
    'key with slashes',
    `${LEVEL}state_handling:\n  a/b~c: maybe\n`,
    '4:3: state_handling.a/b~c: expected one of escalate',
  ],
  [
    'shrinking memory',
    'levels:\n  - mem: 2G\n  - time: 5\n  - mem: 1G\n',
    '4:5: levels[2].mem: the ladder shrinks',
  ],
  ['less than a whole node', 'levels:\n  - mem: 0\n  - mem: 1T\n', '3:5: levels[1].mem: the ladder shrinks'],
  ['shrinking time', 'levels:\n  - time: 1-0\n  - time: 60\n', '3:5: levels[1].time: the ladder shrinks'],
  [
    'exit code 300',
    `${LEVEL}state_handling:\n  exit_codes:\n    137: escalate\n    300: escalate\n`,
    '6:5: state_handling.exit_codes[300]: found "300", expected an exit code from 0 to 255',
  ],
  [
    'bad action of an exit code',
    `${LEVEL}state_handling:\n  exit_codes:\n    7: maybe\n`,
    '5:5: state_handling.exit_codes[7]: expected one of escalate, retry, no_retry; found "maybe"',
  ],
  [
    'exit codes without codes',
    `${LEVEL}state_handling:\n  exit_codes: escalate\n`,
    '4:3: state_handling.exit_codes: must be object; found "escalate"',
  ],
  ['axes without axes', 'ladder: axes\n', '1:1: missing "axes"'],
  ['axes and levels', `${AXES}${LEVEL}`, '3:1: levels: goes with "ladder: levels"'],
  ['axes beside levels', `${LEVEL}axes: {}\n`, '3:1: axes: goes with "ladder: axes"'],
  ['a base beside levels', `${LEVEL}base: {cpus: 1}\n`, '3:1: base: goes with "ladder: axes"'],
  ['partitions beside levels', `${LEVEL}partitions: [a]\n`, '3:1: partitions: goes with "ladder: axes"'],
  ['an unknown kind', 'ladder: axis\n', '1:1: ladder: expected one of levels, axes; found "axis"'],
  ['one axis only', 'ladder: axes\naxes: {mem: [1G]}\n', '2:1: axes: missing "time"'],
  ['an empty axis', 'ladder: axes\naxes: {mem: [], time: [1]}\n', '2:8: axes.mem: must NOT have fewer'],
  [
    'an axis that falls',
    'ladder: axes\naxes:\n  mem: [1G, 512M]\n  time: [1]\n',
    '3:13: axes.mem[1]: the axis does not rise',
  ],
  [
    'an axis that stays',
    'ladder: axes\naxes:\n  mem: [1G]\n  time: [60, "01:00:00"]\n',
    '4:14: axes.time[1]: the axis does not rise',
  ],
  [
    'bad memory of an axis',
    'ladder: axes\naxes: {mem: [lots], time: [1]}\n',
    '2:14: axes.mem[0].mem: invalid memory size "lots"',
  ],
  ['memory in the base', `${AXES}base: {mem: 1G}\n`, '3:8: base.mem: unknown key "mem"'],
  [
    'partitions twice',
    `${AXES}base: {partition: a}\npartitions: [b]\n`,
    '4:1: partitions: give either "partitions" or a partition in "base"',
  ],
  ['a list as one word', `${AXES}partitions: ["a,b"]\n`, '3:14: partitions[0]: found "a,b"'],
  [
    'a budget of an unknown state',
    `${LEVEL}retry: {PREEMTED: {count: 1}}\n`,
    '3:9: retry.PREEMTED: unknown Slurm state',
  ],
  [
    'a budget of nothing',
    `${LEVEL}retry: {PREEMPTED: {}}\n`,
    '3:9: retry.PREEMPTED: must NOT have fewer than 1',
  ],
  [
    'no time to retry',
    `${LEVEL}retry: {PREEMPTED: {duration: "0:00"}}\n`,
    '3:21: retry.PREEMPTED.duration: no time',
  ],
  [
    'a bad duration',
    `${LEVEL}retry: {PREEMPTED: {duration: soon}}\n`,
    '3:21: retry.PREEMPTED.duration: invalid time',
  ],
  ['too long texts', `${LEVEL}max_array_spec_len: 10000\n`, '3:1: max_array_spec_len: must be <= 4096'],
  ['too short texts', `${LEVEL}max_array_spec_len: 5\n`, '3:1: max_array_spec_len: must be >= 20'],
  ['retries as a word', `${LEVEL}retry_limit: many\n`, '3:1: retry_limit: must be integer; found "many"'],
  [
    'a limit that is not known',
    `${LEVEL}limits: {cpu_hours: 5}\n`,
    '3:10: limits.cpu_hours: unknown key "cpu_hours"; did you mean "core_hours"?',
  ],
  ['no attempts', `${LEVEL}limits: {attempts: 0}\n`, '3:10: limits.attempts: must be >= 1; found 0'],
  ['no hours', `${LEVEL}limits: {core_hours: 0}\n`, '3:10: limits.core_hours: must be > 0; found 0'],
  [
    'a wall time in words',
    `${LEVEL}limits:\n  wall_time: a week\n`,
    '4:3: limits.wall_time: invalid time "a week": expected minutes',
  ],
  [
    'another word than off',
    `${LEVEL}node_exclusion: no\n`,
    '3:1: node_exclusion: found "no", expected off, or the keys fast_fail, failures and expire',
  ],
  [
    'an exclusion for ever',
    `${LEVEL}node_exclusion: {expire: UNLIMITED}\n`,
    '3:18: node_exclusion.expire: invalid time "UNLIMITED": expected a time that ends',
  ],
  [
    'seconds that would be minutes',
    `${LEVEL}node_exclusion: {fast_fail: 10}\n`,
    '3:18: node_exclusion.fast_fail: must be string; found 10',
  ],
  ['handler memory', `${LEVEL}handler:\n  mem: 5X\n`, '4:3: handler.mem: invalid memory size "5X"'],
  ['a key twice', `${LEVEL}levels: []\n`, '3:1: Map keys must be unique'],
  ['no YAML', 'levels: [\n', '2:1: Flow sequence'],
  ['tabs', 'levels:\n\t- mem: 1G\n', '2:1: Tabs are not allowed as indentation'],
  ['alias without anchor', 'levels: *nowhere\n', '1:1: Unresolved alias'],
  ['two documents', `${LEVEL}---\n${LEVEL}`, '3:1: Source contains multiple documents'],
  ['an empty file', '', '1:1: must be object; found null'],
  ['only comments', '# levels:\n', '1:1: must be object; found null'],
  ['a text', 'to be done', '1:1: must be object; found "to be done"'],
];

t.test('errors name file, line, column and key', async (t) => {
  for (const [what, text, message] of REFUSED) {
    const error = errorOf(text);
    t.equal(error?.code, 'bad-ladder', what);
    t.equal(error?.message.slice(0, `my.yaml:${message}`.length), `my.yaml:${message}`, what);
    t.notMatch(error?.message, /\n/, `${what}: one line`);
  }
});

function errorOf(text: string): AfterokError | null {
  try {
    parseLadder(text, 'my.yaml');
    return null;
  } catch (error) {
    if (error instanceof AfterokError) return error;
    throw error;
  }
}

t.test('a file that cannot be read', async (t) => {
  const folder = t.testdir({});
  const missing = { code: 'bad-ladder', exitCode: 2, message: /cannot read ladder .*none\.yaml: ENOENT/ };
  t.throws(() => readLadderFile(`${folder}/none.yaml`), missing);
  t.throws(() => readLadderFile(folder), { code: 'bad-ladder', message: /EISDIR/ });
});

/** Many aliases of aliases: a few lines that would fill the memory. */
const BOMB = ['a: &a [x,x,x,x,x,x,x,x,x]']
  .concat(
    [...'bcdefghij'].map((letter, at) => `${letter}: &${letter} [${Array(9).fill(`*${'abcdefghij'[at]}`)}]`),
  )
  .join('\n');

t.test('whatever the text, the only error is bad-ladder', async (t) => {
  t.equal(errorOf(BOMB)?.code, 'bad-ladder');
  const piece = fc.constantFrom(
    ...['levels', 'state_handling', 'exit_codes', 'handler', 'mem', 'time', 'logging', 'TIMEOUT', 'retry'],
    ...[
      ':',
      ': ',
      '\n',
      '\n  ',
      '\n    ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      "'",
      '*x',
      '&x ',
      '? ',
      '| ',
      '!!set ',
    ],
    ...[
      '1G',
      '137',
      '-1',
      'null',
      '~',
      '1e400',
      '0x10',
      '.inf',
      '00:01:00',
      '__proto__',
      '%',
      '#',
      '---\n',
      '\t',
    ],
  );
  const noise = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
    fc
      .tuple(fc.nat(SPECIFIED_LEVELS.length), piece)
      .map(([at, text]) => SPECIFIED_LEVELS.slice(0, at) + text),
    fc.tuple(fc.nat(SPECIFIED_LEVELS.length), piece).map(([at, text]) => insert(SPECIFIED_LEVELS, at, text)),
    fc.json().map((json) => `levels: ${json}`),
  );
  fc.assert(
    fc.property(noise, (text) => {
      const error = errorOf(text);
      return error === null || error.code === 'bad-ladder';
    }),
    { numRuns: 60 },
  );
});

function insert(text: string, at: number, piece: string): string {
  return text.slice(0, at) + piece + text.slice(at);
}

import fc from 'fast-check';
import t from 'tap';
import { ACTIONS, DEFAULT_POLICY, type Ladder } from '../../lib/chain/ladder.js';
import { parseLadder, readLadderFile } from '../../lib/chain/ladder-file.js';
import { ladderYaml } from '../../lib/chain/ladder-yaml.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { ladder } from './plain-chain.js';

fc.configureGlobal({ seed: 20251224 });

const again = (given: Ladder) => parseLadder(ladderYaml(given, ['a comment', 'of two lines']), given.file);

t.test('the shipped ladders read back as they are', async (t) => {
  for (const name of ['escalation-target', 'escalation-docker', 'axes']) {
    const shipped = readLadderFile(`${PACKAGE_ROOT}config/ladders/${name}.yaml`);
    t.same(again(shipped), shipped, name);
  }
});

t.test('the text', async (t) => {
  t.equal(
    ladderYaml(ladder({ retryLimit: 1 }), ['why']),
    `# why

levels:
  - partition: "devel,day"
    mem: "1G"
    time: "00:01:00"
  - partition: "week"
    mem: "4G"
    time: "00:02:00"
retry_limit: 1
node_exclusion: "off"
logging:
  enabled: false
`,
  );
});

const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const word = fc.stringMatching(/^[!-~]{1,12}$/);
const memory = fc.integer({ min: 1, max: 2 ** 40 }).map((kilobytes) => kilobytes * 1024);
const minutes = fc.integer({ min: 1, max: 100_000 }).map((count) => count * 60);

const anyLevel = fc.record({
  partition: orNull(word),
  mem: orNull(memory),
  time: orNull(fc.oneof(minutes, fc.constant(Number.POSITIVE_INFINITY))),
  qos: orNull(word),
  account: orNull(word),
  constraint: orNull(word),
  gres: orNull(word),
  cpus: orNull(fc.integer({ min: 1, max: 512 })),
  exclude: orNull(word),
});

/** A level has a key, and no ladder shrinks. */
const anyLevels = fc.array(anyLevel, { minLength: 1, maxLength: 5 }).map((levels) => {
  const mems = levels.map(({ mem }) => mem ?? 0).sort((a, b) => a - b);
  const times = levels.map(({ time }) => time ?? 0).sort((a, b) => a - b);
  return levels.map((level, position) => ({
    ...level,
    mem: mems[position] || 1024,
    time: times[position] || null,
  }));
});

const anyPolicy = fc
  .record({
    states: fc.dictionary(fc.constantFrom('TIMEOUT', 'NODE_FAIL', 'FAILED'), fc.constantFrom(...ACTIONS)),
    codes: fc.dictionary(fc.integer({ min: 0, max: 255 }).map(String), fc.constantFrom(...ACTIONS)),
  })
  .map(({ states, codes }) => {
    const rules = new Map(DEFAULT_POLICY.exitCodes);
    for (const [code, action] of Object.entries(codes)) rules.set(Number(code), action);
    return { states: { ...DEFAULT_POLICY.states, ...states }, exitCodes: [...rules] };
  });

const anyRest = fc.record({
  policy: anyPolicy,
  handler: fc.record({
    partition: orNull(word),
    mem: orNull(memory),
    time: orNull(minutes),
    account: orNull(word),
    qos: orNull(word),
  }),
  maxArraySpecLength: fc.integer({ min: 20, max: 4096 }),
  retryLimit: fc.nat(100),
  retryBudgets: fc.dictionary(
    fc.constantFrom('PREEMPTED', 'NODE_FAIL'),
    fc.record({ count: fc.integer({ min: 1, max: 99 }), duration: orNull(minutes) }),
  ),
  completionRecords: fc.boolean(),
  oomExit0: fc.constantFrom('retry' as const, 'warn' as const, 'accept' as const),
  caps: fc.record({
    attempts: orNull(fc.integer({ min: 1 })),
    coreHours: orNull(fc.integer({ min: 1, max: 9999 }).map((tenths) => tenths / 10)),
    wallTime: orNull(minutes),
  }),
  nodeExclusion: orNull(
    fc.record({
      fastFail: fc.integer({ min: 1, max: 99 }),
      failures: fc.integer({ min: 1, max: 9 }),
      expire: minutes,
    }),
  ),
  history: fc.record({
    enabled: fc.boolean(),
    database: orNull(fc.string({ minLength: 1, unit: 'binary' })),
  }),
});

t.test('every ladder reads back as it was', async () => {
  fc.assert(
    fc.property(anyLevels, anyRest, (levels, rest) => {
      const given = ladder({ levels, ...rest });
      const read = again(given);
      const rules = (of: Ladder) => [...of.policy.exitCodes].sort(([a], [b]) => a - b);
      const plain = (of: Ladder) =>
        JSON.stringify({ ...of, policy: [Object.entries(of.policy.states).sort(), rules(of)] }, sorted);
      return plain(read) === plain(given);
    }),
  );
});

/** Keys in one order, and Infinity as a word. */
function sorted(_key: string, value: unknown): unknown {
  if (value === Number.POSITIVE_INFINITY) return 'UNLIMITED';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

import { statSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import {
  type ExportRequest,
  handlerEnvironment,
  parseExport,
  readEnvironment,
  submissionEnvironment,
  writeEnvironment,
} from '../../lib/chain/environment.js';

fc.configureGlobal({ seed: 20251224 });

/** `--export`, and what it asks for where that is not nothing. */
const READ: [string, Partial<ExportRequest>][] = [
  ['', {}],
  ['FAIL_MOD=17', { set: { FAIL_MOD: '17' } }],
  ['FAIL_TASKS=10:11:12', { set: { FAIL_TASKS: '10:11:12' } }],
  ['A=1,B=2', { set: { A: '1', B: '2' } }],
  ['A=1,A=2', { set: { A: '2' } }],
  ['A=', { set: { A: '' } }],
  ['A=,B=', { set: { A: '', B: '' } }],
  // A comma belongs to the value unless a variable or a mode follows it.
  ['LIST=1,2,3', { set: { LIST: '1,2,3' } }],
  ['LIST=1,2,3,MORE=4', { set: { LIST: '1,2,3', MORE: '4' } }],
  ['LIST=a,HOME', { set: { LIST: 'a,HOME' } }],
  ['LIST=a,', { set: { LIST: 'a,' } }],
  ['LIST=a,ALL', { mode: 'ALL', set: { LIST: 'a' } }],
  ['LIST=a,ALLY', { set: { LIST: 'a,ALLY' } }],
  ['LIST=,,,', { set: { LIST: ',,,' } }],
  ['X=a,1=b', { set: { X: 'a,1=b' } }],
  ['ALL', { mode: 'ALL' }],
  ['NONE', { mode: 'NONE' }],
  ['NIL', { mode: 'NIL' }],
  ['ALL,A=1', { mode: 'ALL', set: { A: '1' } }],
  ['NONE,A=1,HOME', { mode: 'NONE', set: { A: '1,HOME' } }],
  ['NONE,HOME,A=1', { mode: 'NONE', set: { A: '1' }, take: ['HOME'] }],
  ['ALL=1', { set: { ALL: '1' } }],
  ['MODE=ALL', { set: { MODE: 'ALL' } }],
  ['HOME', { take: ['HOME'] }],
  ['HOME,', { take: ['HOME'] }],
  ['HOME,_x9,Path', { take: ['HOME', '_x9', 'Path'] }],
  ['A=two words', { set: { A: 'two words' } }],
  ['A=x=y==z', { set: { A: 'x=y==z' } }],
  ['A=line\nline\n', { set: { A: 'line\nline\n' } }],
  [`A="it's, quoted"`, { set: { A: `"it's, quoted"` } }],
  ['A=größe 文字 🧪', { set: { A: 'größe 文字 🧪' } }],
  ['A=$(rm -rf x) `y` $HOME', { set: { A: '$(rm -rf x) `y` $HOME' } }],
];

t.test('reads lists of variables', async (t) => {
  for (const [text, asked] of READ) {
    t.same(parseExport(text), { mode: null, set: {}, take: [], ...asked }, JSON.stringify(text));
  }
});

t.test('refuses what is no such list', async (t) => {
  for (const text of ['=1', '1A=2', ',A=1', 'A B', 'A-B=1', 'ä=1', ' A=1', 'HOME,,USER', '-', 'A+=1']) {
    t.equal(parseExport(text), null, JSON.stringify(text));
  }
});

const name = fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/).filter((word) => !/^(ALL|NONE|NIL)$/.test(word));
const value = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => !text.includes('\0'));
const plainValue = value.filter((text) => !text.includes(','));

t.test('values without commas come back, in any order beside a mode', async () => {
  const variables = fc.dictionary(name, plainValue, { noNullPrototype: true, maxKeys: 6 });
  fc.assert(
    fc.property(variables, fc.constantFrom('ALL', 'NONE', 'NIL', null), (set, mode) => {
      const words = Object.entries(set).map(([key, text]) => `${key}=${text}`);
      const parsed = parseExport([...(mode === null ? [] : [mode]), ...words].join(','));
      return JSON.stringify(parsed) === JSON.stringify({ mode, set, take: [] });
    }),
  );
});

t.test('never throws, and what it reads it reads again', async () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Z=,\n ]*$/)), (text) => {
      const parsed = parseExport(text);
      return parsed === null || parsed.take.every((word) => parseExport(word)?.take[0] === word);
    }),
  );
});

const HOSTILE = {
  PLAIN: 'x',
  EMPTY: '',
  EQUALS: '=a=b=',
  LINES: '\nfirst\n\nlast\n',
  QUOTES: `'"\\\``,
  UTF8: 'größe 文字 🧪',
  CONTROL: '\x01\x1b[31m\r\t\x7f',
  'BASH_FUNC_module%%': '() {  eval `modulecmd bash "$@"`\n}',
  'odd name!': 'kept',
};

t.test('the kept environment comes back byte for byte, and is nobody else’s to read', async (t) => {
  const path = `${t.testdir({})}/environment`;
  writeEnvironment(path, HOSTILE);
  t.same(readEnvironment(path), HOSTILE);
  t.equal(statSync(path).mode & 0o777, 0o600);
  writeEnvironment(path, { ONLY: '1' });
  t.same(readEnvironment(path), { ONLY: '1' }, 'replaced whole');
  t.equal(statSync(path).mode & 0o777, 0o600);
});

t.test('any environment survives', async (t) => {
  const path = `${t.testdir({})}/environment`;
  const anyName = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 10 })
    .filter((text) => !/[=\0]/.test(text) && text !== '__proto__');
  fc.assert(
    fc.property(fc.dictionary(anyName, value, { noNullPrototype: true, maxKeys: 8 }), (env) => {
      writeEnvironment(path, env);
      return JSON.stringify(readEnvironment(path)) === JSON.stringify(env);
    }),
    { numRuns: 30 },
  );
});

t.test('variables of an enclosing job are left out', async (t) => {
  const kept = { PATH: '/bin', SLURM_CONF: '/etc/slurm.conf', SLURM_CLUSTERS: 'a', SLURMX: '1', PMI: '2' };
  const dropped = {
    SLURM_JOB_ID: '7',
    SLURM_ARRAY_TASK_ID: '3',
    SLURM_MEM_PER_NODE: '1024',
    SLURM_CONF_DIR: 'x',
    SLURMD_NODENAME: 'n1',
    PMI_RANK: '0',
    PMIX_RANK: '0',
  };
  t.same(submissionEnvironment({ ...kept, ...dropped }), kept);
});

t.test('handlers are submitted without the person’s defaults of sbatch', async (t) => {
  const kept = { PATH: '/bin', SBATCH_ACCOUNT: 'a', SBATCH_QOS: 'q', SBATCH_CLUSTERS: 'c', SLURM_CONF: 'x' };
  const dropped = {
    SBATCH_PARTITION: 'p',
    SBATCH_ARRAY_INX: '0-9',
    SBATCH_EXPORT: 'NONE',
    SBATCH_TIMELIMIT: '1',
  };
  t.same(handlerEnvironment({ ...kept, ...dropped }), kept);
});

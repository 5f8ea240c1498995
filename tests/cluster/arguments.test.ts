import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { accounting } from './cluster.js';
import { Bench, PLAN_JOB } from './harness.js';

t.jobs = 4;

const HOSTILE = [
  'two words',
  '',
  'a,b,C=d',
  `it's "quoted"`,
  'line one\nline two\n',
  '  spaces around  ',
  'Grüße, 世界 🚀',
  '$HOME `id` $(id) $' + '{PATH}',
  'back\\slash \\n \\',
  '*',
  '-x',
  '--array=9',
  '%a %j',
  '#SBATCH --mem=1',
  '\t!;&|<>()',
];

/** Writes what it got into GOT/INDEX.LEVEL, NUL separated, and asks for a second round. */
const TELL = `#!/bin/bash
mkdir -p got
{ printf '%s\\0' "$@"; printf '%s\\0' "\${COMMAS-unset}" "\${QUOTES-unset}" "\${BYTES-unset}" "\${PLAIN-unset}"
} >"got/$SLURM_ARRAY_TASK_ID.$MEM_ESCALATE_LEVEL"
[ "$MEM_ESCALATE_LEVEL" = 1 ] || exit 137
`;

function script(text: string): (folder: string) => void {
  return (folder) => writeFileSync(join(folder, 'job.sh'), text, { mode: 0o755 });
}

t.test('script arguments and exported values arrive byte for byte in every round', async (t) => {
  const bench = await Bench.open(t);
  const commas = '1,2, and 3,';
  const quotes = `it's "x" $HOME \\n`;
  const bytes = HOSTILE.join('\n');
  const chain = await bench.submit({
    array: '3,7',
    script: 'job.sh',
    prepare: script(TELL),
    options: ['--export', `COMMAS=${commas}`, '--export', `QUOTES=${quotes},PLAIN=x`, '-e', 'BYTES'],
    env: { BYTES: bytes },
    args: HOSTILE,
  });
  await chain.waitForEnd('completed');
  const wanted = [...HOSTILE, commas, quotes, bytes, 'x'];
  for (const name of ['3.0', '7.0', '3.1', '7.1']) {
    const got = readFileSync(join(chain.folder, 'got', name), 'utf8')
      .split('\0')
      .slice(0, -1);
    t.strictSame(got, wanted, `index and level ${name}`);
  }
  await chain.assertSound(t);
});

t.test('--export=NONE keeps the environment out of every round', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0',
    script: 'job.sh',
    prepare: script(TELL),
    options: ['--export', 'NONE,COMMAS=1,2'],
    env: { BYTES: 'not for the job' },
    args: ['x'],
  });
  await chain.waitForEnd('completed');
  for (const name of ['0.0', '0.1'])
    t.equal(readFileSync(join(chain.folder, 'got', name), 'utf8'), 'x\x001,2\0unset\0unset\0unset\0', name);
  await chain.assertSound(t);
});

t.test('#SBATCH lines of the script are honoured beneath the ladder', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-1',
    script: 'job.sh',
    prepare: (folder) => {
      mkdirSync(join(folder, 'logs'));
      script(`#!/bin/bash
#SBATCH --job-name=my-name -o logs/%x.%a.%A.txt
#SBATCH --mem=900G --time=30-0   # what the ladder says counts
#SBATCH --comment="the person's own"
echo "$SLURM_JOB_NAME $SLURM_MEM_PER_NODE"
[ "$MEM_ESCALATE_LEVEL" = 1 ] || exit 137
`)(folder);
    },
  });
  const { rounds } = await chain.waitForEnd('completed');
  const rows = await accounting();
  for (const [position, mem] of [64, 128].entries()) {
    const job = rounds[position]?.jobs[0];
    for (const index of [0, 1]) {
      const file = join(chain.folder, 'logs', `my-name.${index}.${job?.jobId}.txt`);
      t.equal(existsSync(file) && readFileSync(file, 'utf8'), `my-name ${mem}\n`, file);
    }
    const row = rows.find(({ job: id }) => id === job?.jobId);
    t.equal(row?.comment, `${job?.token} the person's own`);
    t.equal(row?.name, 'my-name');
  }
  await chain.assertSound(t);
});

t.test(
  'a script that is edited while the chain runs: retries run the kept copy, and the status says so',
  async (t) => {
    const bench = await Bench.open(t);
    const original = readFileSync(PLAN_JOB, 'utf8');
    const chain = await bench.submit({
      array: '0-1',
      plan: { '*': 'gate+exit:137 ok' },
      script: 'job.sh',
      prepare: script(original),
    });
    await chain.untilMarks(2);
    const unchanged = await chain.run('--status');
    t.notMatch(unchanged.stdout, /changed/i);
    script('#!/bin/bash\nexit 1\n')(chain.folder);
    const changed = await chain.run('--status');
    t.match(changed.stdout, /changed/i);
    chain.openGate();
    await chain.waitForEnd('completed');
    t.strictSame(chain.marks(), ['0 0', '0 1', '1 0', '1 1']);
    await chain.assertSound(t);
  },
);

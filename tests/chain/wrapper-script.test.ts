import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import t from 'tap';
import { readRecords } from '../../lib/chain/completion-records.js';
import { ChainPaths, TrackerPaths } from '../../lib/chain/paths.js';
import { writeRoundFiles } from '../../lib/chain/round-files.js';
import { mappedOutput, wrapperScript } from '../../lib/chain/wrapper-script.js';
import { ARGS, ODD } from './odd-text.js';
import { CHAIN, checkpoint, round, roundJob } from './plain-chain.js';

/** sbatch's pattern, and that of a mapped job. */
const PATTERNS: [string, string][] = [
  ['slurm-%A_%a.out', 'slurm-%A_@mapped%a@.out'],
  ['%a', '@mapped%a@'],
  ['out-%4a.txt', 'out-@mapped%4a@.txt'],
  ['run1%a', 'run1@mapped%a@'],
  ['%a/%x-%a.out', '@mapped%a@/%x-@mapped%a@.out'],
  ['100%%a.out', '100%%a.out'],
  ['100%%%a.out', '100%%@mapped%a@.out'],
  ['%A-%j.out', '%A-%j.out'],
  ['/dev/null', '/dev/null'],
];

t.test('marks the dense index in output patterns', async (t) => {
  for (const [pattern, marked] of PATTERNS) t.equal(mappedOutput(pattern), marked, pattern);
});

/** Says what it was given, NUL separated, so that every byte shows. */
const JOB = `#!/bin/bash
#SBATCH --job-name=probe
#SBATCH --comment "two words"
# a comment

#SBATCH --nice
echo "task $SLURM_ARRAY_TASK_ID of $SLURM_ARRAY_JOB_ID"
printf '%s\\0' "$@" > "$PROBE_ARGS"
exit 7
#SBATCH --exclusive
`;

interface Ran {
  status: number | null;
  files: string[];
  output: string;
  args: string[];
}

/** Runs the wrapper of a mapped job as slurmd would: dense index in the environment, output in a file. */
function runTask(folder: string, wrapper: string, dense: number, file: string): Ran {
  const probe = `${folder}/arguments`;
  mkdirSync(`${folder}/out`, { recursive: true });
  const output = openSync(`${folder}/out/${file}`, 'w');
  const { status } = spawnSync('/bin/bash', [wrapper, ...ARGS], {
    env: {
      PATH: process.env.PATH,
      PROBE_ARGS: probe,
      SLURM_ARRAY_TASK_ID: String(dense),
      SLURM_ARRAY_JOB_ID: '806',
    },
    stdio: ['ignore', output, output],
  });
  const files = readdirSync(`${folder}/out`);
  const args = existsSync(probe) ? readFileSync(probe, 'utf8').split('\0').slice(0, -1) : [];
  return { status, files, output: readFileSync(`${folder}/out/${files[0]}`, 'utf8'), args };
}

t.test('a mapped task sees its true index, its arguments and its output file', async (t) => {
  /** Name of the output file as slurmd made it from the marked pattern, and as the task leaves it. */
  const names: [string, string][] = [
    ['slurm-806_@mapped2@.out', 'slurm-806_1207.out'],
    ['run1@mapped2@', 'run11207'],
    ['out-@mapped0002@.txt', 'out-1207.txt'],
    ['out-@mapped000002@.txt', 'out-001207.txt'],
    ['@mapped2@-@mapped2@.out', '1207-1207.out'],
    ['unmarked-2.out', 'unmarked-2.out'],
    [`${ODD} @mapped2@`, `${ODD} 1207`],
  ];
  for (const [before, after] of names) {
    const folder = t.testdir({ [ODD]: { 'job.sh': JOB, map: '1001\n1100\n1207\n1208\n' } });
    const script = `${folder}/${ODD}/job.sh`;
    chmodSync(script, 0o755);
    writeFileSync(
      `${folder}/${ODD}/wrapper`,
      wrapperScript([], { indexMap: `${folder}/${ODD}/map`, records: null }, script),
    );
    const ran = runTask(folder, `${folder}/${ODD}/wrapper`, 2, before);
    t.equal(ran.status, 7, 'the exit code is that of the script');
    t.same(ran.files, [after]);
    t.equal(ran.output, 'task 1207 of 806\n');
    t.same(ran.args, ARGS);
  }
});

t.test('a task that the map does not know fails, it does not run the wrong index', async (t) => {
  const folder = t.testdir({ 'job.sh': JOB, map: '1001\n' });
  writeFileSync(
    `${folder}/wrapper`,
    wrapperScript([], { indexMap: `${folder}/map`, records: null }, `${folder}/job.sh`),
  );
  const ran = runTask(folder, `${folder}/wrapper`, 5, 'out.txt');
  t.equal(ran.status, 1);
  t.equal(ran.output, 'afterok: no index for task 5 in the index map\n');
  t.same(ran.args, []);
});

t.test('the files of a mapped job', async (t) => {
  const paths = new ChainPaths(new TrackerPaths(`${t.testdir({ [ODD]: {} })}/${ODD}`), CHAIN);
  mkdirSync(`${paths.folder}/script`, { recursive: true });
  writeFileSync(paths.script('job.sh'), JOB);
  const direct = roundJob();
  const mapped = roundJob({ array: '0-3', indices: '2001-2005:2,3000', count: 4, mapped: true });
  writeRoundFiles(checkpoint(), round([direct, mapped], { number: 2 }), paths);
  t.equal(readFileSync(paths.indexMap(2, 2), 'utf8'), '2001\n2003\n2005\n3000\n');
  t.notOk(existsSync(paths.indexMap(2, 1)), 'none for a job that needs none');
  const wrapper = paths.wrapper(2, 2, 'job.sh');
  t.match(
    readFileSync(wrapper, 'utf8'),
    /^#!\/bin\/bash -p\n#SBATCH --job-name=probe\n#SBATCH --comment "two words"\n#SBATCH --nice\n_afterok_task=/,
    "the script's own directives, and none from behind its first command",
  );
  const ran = runTask(paths.folder, wrapper, 3, 'slurm-806_@mapped3@.out');
  t.same([ran.status, ran.files, ran.output], [7, ['slurm-806_3000.out'], 'task 3000 of 806\n']);
  t.same(ran.args, ARGS);
});

t.test('the files of a round whose attempts are recorded', async (t) => {
  const paths = new ChainPaths(new TrackerPaths(t.testdir({})), CHAIN);
  mkdirSync(`${paths.folder}/script`, { recursive: true });
  writeFileSync(paths.script('job.sh'), JOB);
  const evidence = { accounting: false, records: true, comments: false };
  writeRoundFiles(checkpoint({ evidence }), round([roundJob()], { number: 3 }), paths);
  t.same(readdirSync(paths.records(3)), []);
  const ran = runTask(paths.folder, paths.wrapper(3, 1, 'job.sh'), 5, 'out.txt');
  t.same([ran.status, ran.output], [7, 'task 5 of 806\n']);
  t.same(ran.args, ARGS);
  t.match(readRecords(paths.records(3)), [{ job: '806', task: 5, code: 7 }]);
});

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Desk } from './desk.js';

t.jobs = 2;

const BOTH = 'echo "$SLURM_JOB_ID"; echo err >&2';

t.test('patterns of --output and --error', async (t) => {
  const desk = await Desk.open(t);
  const array = await desk.submit(
    '--array=4-5',
    '-J',
    'name',
    '-o',
    'A%A_a%a_j%j_J%J_x%x_u%u_%%_%5a',
    '--wrap',
    BOTH,
  );
  const single = await desk.submit('-o', 'A%A_j%j.out', '-e', 'j%j.err', '--wrap', BOTH);
  const errorOnly = await desk.submit('-e', 'only.err', '--wrap', BOTH);
  const plain = await desk.submit('--wrap', BOTH);
  const plainArray = await desk.submit('--array=7', '--wrap', BOTH);
  await desk.untilEnded([array, single, errorOnly, plain, plainArray]);
  const rows = await desk.accounting('JobID,JobIDRaw,User', [array], '-X');
  const user = rows[0]?.User ?? '';
  const expected: Record<string, string> = {
    [`A${single}_j${single}.out`]: `${single}\n`,
    [`j${single}.err`]: 'err\n',
    [`slurm-${errorOnly}.out`]: `${errorOnly}\n`,
    'only.err': 'err\n',
    [`slurm-${plain}.out`]: `${plain}\nerr\n`,
    [`slurm-${plainArray}_7.out`]: `${plainArray}\nerr\n`,
  };
  for (const { JobID = '', JobIDRaw: raw = '' } of rows) {
    const index = JobID.split('_')[1] ?? '';
    expected[`A${array}_a${index}_j${raw}_J${raw}_xname_u${user}_%_0000${index}`] = `${raw}\nerr\n`;
  }
  const found = Object.fromEntries(readdirSync(desk.folder).map((name) => [name, desk.read(name)]));
  t.strictSame(found, expected);
  t.equal((await desk.record(single)).StdOut, join(desk.folder, `A${single}_j${single}.out`));
  t.equal((await desk.record(single)).StdErr, join(desk.folder, `j${single}.err`));
});

t.test('--open-mode: a file is truncated unless it says append', async (t) => {
  const desk = await Desk.open(t);
  desk.file('kept', 'before\n', 0o644);
  desk.file('lost', 'before\n', 0o644);
  const kept = await desk.submit('-o', 'kept', '--open-mode=append', '--wrap', 'echo after');
  const lost = await desk.submit('-o', 'lost', '--wrap', 'echo after');
  await desk.untilEnded([kept, lost]);
  t.equal(desk.read('kept'), 'before\nafter\n');
  t.equal(desk.read('lost'), 'after\n');
});

t.test('the file is made before the script runs, with the umask of the submission', async (t) => {
  const desk = await Desk.open(t);
  const { stdout } = await desk.run('bash', '-c', 'umask 077; sbatch --parsable -o early --wrap "ls early"');
  desk.remember(stdout.trim());
  await desk.untilEnded([stdout.trim()]);
  t.equal(desk.read('early'), 'early\n');
  t.equal(statSync(join(desk.folder, 'early')).mode & 0o777, 0o600);
});

t.test('a folder that is missing fails the job, and is not made', async (t) => {
  const desk = await Desk.open(t);
  const noOutput = await desk.submit('-o', `${desk.folder}/none/out`, '--wrap', 'touch ran');
  const noError = await desk.submit('-o', 'out', '-e', `${desk.folder}/none/err`, '--wrap', 'touch ran');
  const notThere = await desk.submit('--chdir', `${desk.folder}/none`, '--wrap', 'touch ran');
  const jobs = [noOutput, noError, notThere];
  await desk.untilEnded(jobs);
  const rows = await desk.accounting('State,ExitCode', jobs, '-X');
  t.strictSame(
    rows,
    jobs.map(() => ({ State: 'FAILED', ExitCode: '0:53' })),
  );
  const steps = await desk.accounting('JobID,State,ExitCode', jobs);
  const batch = steps.filter((row) => row.JobID?.endsWith('.batch'));
  t.strictSame(
    batch.map((row) => `${row.State} ${row.ExitCode}`),
    jobs.map(() => 'CANCELLED 0:53'),
  );
  const reasons = await desk.queue('%T %r', jobs);
  t.strictSame(
    [...reasons.values()],
    jobs.map(() => 'FAILED JobLaunchFailure'),
  );
  t.notOk(existsSync(join(desk.folder, 'none')));
  t.notOk(existsSync(join(desk.folder, 'ran')));
});

t.test('a job whose working folder is missing runs in /tmp, if its output has a place', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.submit(
    '--chdir',
    `${desk.folder}/none`,
    '-o',
    `${desk.folder}/out`,
    '--wrap',
    'pwd',
  );
  await desk.untilEnded([job]);
  t.match(
    desk.read('out'),
    /^(slurmstepd\S*: error: couldn't chdir to `\S+none': No such file or directory: going to \/tmp instead\n)+\/tmp\n$/,
  );
});

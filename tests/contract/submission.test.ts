import t from 'tap';
import { run } from '../program.js';
import { Desk } from './desk.js';

t.jobs = 3;

/** Prints its arguments so that no two lists of them look alike. */
const PRINT_ARGUMENTS = '#!/bin/bash\nprintf "%s\\0" "$@"\n';

t.test('the script comes from a file, from standard input or from --wrap', async (t) => {
  const desk = await Desk.open(t);
  desk.file('script.sh', '#!/bin/bash\n#SBATCH -o script.out\necho from a file "$1"\n');
  const input =
    'sbatch --parsable -o input.out - x < script.sh || sbatch --parsable -o input.out < script.sh';
  const fromFile = await desk.submit('script.sh', 'with an argument');
  const { stdout } = await desk.run('bash', '-c', input);
  const fromInput = stdout.trim();
  desk.remember(fromInput);
  const wrapped = await desk.submit(
    '-o',
    'wrap.out',
    '--wrap',
    'echo "wrapped $0"; echo $-; readlink /proc/$$/exe',
  );
  await desk.untilEnded([fromFile, fromInput, wrapped]);
  t.equal(desk.read('script.out'), 'from a file with an argument\n');
  t.match(desk.read('input.out'), /^from a file/);
  t.match(desk.read('wrap.out'), /^wrapped .*slurm_script\n/);
  const names = await desk.queue('%j %o', [fromFile, fromInput, wrapped]);
  t.equal(
    names.get(fromFile),
    `script.sh ${desk.folder}/script.sh with an argument`.replace(' with', ' with'),
  );
  t.equal(names.get(wrapped), 'wrap (null)');
});

t.test('arguments reach the script byte for byte', async (t) => {
  const desk = await Desk.open(t);
  const args = [
    '',
    ' ',
    'a b',
    "it's",
    '"quoted"',
    '$HOME',
    '`id`',
    '*',
    '\\',
    'line\nbreak',
    '--mem=1',
    'ä€',
    '-',
  ];
  const job = await desk.submit('-o', 'out', desk.file('args.sh', PRINT_ARGUMENTS), ...args);
  await desk.untilEnded([job]);
  t.strictSame(desk.read('out').split('\0').slice(0, -1), args);
});

t.test('command line before SBATCH_ variables before #SBATCH lines', async (t) => {
  const desk = await Desk.open(t);
  const script = desk.file(
    'options.sh',
    `#!/bin/bash
# A comment, and an empty line.

#SBATCH --job-name=lines --comment="two words" -p devel
#SBATCH --time=1 # and why
#SBATCH --mem 123M
##SBATCH --mem=124M
true
#SBATCH --mem=125M
`,
  );
  const env = { SBATCH_JOB_NAME: 'variable', SBATCH_PARTITION: 'week', SBATCH_TIMELIMIT: '2' };
  const lines = await desk.submit('--hold', script);
  const variables = await desk.submitWith(env, '--hold', script);
  const options = await desk.submitWith(env, '--hold', '-J', 'option', '-p', 'day', script);
  const array = await desk.submitWith({ SBATCH_ARRAY_INX: '1-2' }, '--hold', script);
  const rows = await desk.queue('%j|%P|%l|%m|%k', [lines, variables, options, array]);
  t.equal(rows.get(lines), 'lines|devel|1:00|123M|two words');
  t.equal(rows.get(variables), 'variable|week|2:00|123M|two words');
  t.equal(rows.get(options), 'option|day|2:00|123M|two words');
  t.ok(rows.has(`${array}_2`), 'SBATCH_ARRAY_INX');
});

t.test('what sbatch prints', async (t) => {
  const desk = await Desk.open(t);
  const print = async (...options: string[]) =>
    await desk.run('sbatch', '--hold', ...options, '--wrap', 'true');
  const plain = await print();
  t.match(plain, { code: 0, stdout: /^Submitted batch job \d+\n$/, stderr: '' });
  const parsable = await print('--parsable');
  t.match(parsable, { code: 0, stdout: /^\d+\n$/, stderr: '' });
  for (const { stdout } of [plain, parsable]) desk.remember(/\d+/.exec(stdout)?.[0] ?? '');
  const version = await desk.run('sbatch', '--version');
  t.match(version, { code: 0, stdout: /^slurm\S* \d+\.\d+/ });
});

t.test('--hold, --begin, --comment and what else the queue shows of a submission', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.submit(
    ...['--hold', '-J', 'a name', '--comment', 'a|b "c" = d', '-N', '1', '-n', '2', '-c', '1', '--mem=300'],
    ...['--time=61', '-p', 'devel,day', '--exclude=d[2-3],n1', '--no-requeue', '--wrap', 'true'],
  );
  const perCpu = await desk.submit('--hold', '--mem-per-cpu=100', '-c', '2', '-t', '0:61', '--wrap', 'true');
  const later = await desk.submit('--begin=now+600', '--wrap', 'true');
  const rows = await desk.queue('%j|%D|%C|%m|%l|%x|%P|%r|%T|%Z|%k', [job, perCpu]);
  t.equal(
    rows.get(job),
    `a name|1|2|300M|1:01:00|d[2-3],n1|devel,day|JobHeldUser|PENDING|${desk.folder}|a|b "c" = d`,
  );
  t.match(rows.get(perCpu), /^wrap\|1\|2\|100M\|2:00\|/);
  await desk.until([later], '%T %r', ([row]) => row === 'PENDING BeginTime');
  const times = (await desk.queue('%V %S', [later])).get(later)?.split(' ').map(Number) ?? [];
  // sbatch reads its clock before the controller does.
  const wait = (times[1] ?? 0) - (times[0] ?? 0);
  t.ok(wait > 590 && wait <= 600, `begins 600 s after its submission: ${wait}`);

  const record = await desk.record(job);
  t.match(record, {
    JobId: job,
    JobState: 'PENDING',
    Reason: 'JobHeldUser',
    Priority: '0',
    Requeue: '0',
    Restarts: '0',
    NumNodes: /^1(-1)?$/,
    NumTasks: '2',
    'CPUs/Task': '1',
    MinMemoryNode: '300M',
    TimeLimit: '01:01:00',
    ExcNodeList: 'd[2-3],n1',
    Partition: 'devel,day',
    WorkDir: desk.folder,
  });
  t.match(await desk.record(perCpu), { MinMemoryCPU: '100M', Requeue: '1', TimeLimit: '00:02:00' });
});

t.test('memory and time as written and as shown', async (t) => {
  const desk = await Desk.open(t);
  const memory = { '100': '100M', '100K': '1M', '1G': '1G', '1500M': '1500M', '1024': '1G', '0': '0' };
  const time = {
    '1': '1:00',
    '0:5': '1:00',
    '0:61': '2:00',
    '1:00:00': '1:00:00',
    '90': '1:30:00',
    '1-0': '1-00:00:00',
    '1-2:3': '1-02:03:00',
    '0': 'UNLIMITED',
  };
  const shown = async (option: string, value: string, format: string) => {
    const job = await desk.submit('--hold', `${option}=${value}`, '--wrap', 'true');
    return (await desk.queue(format, [job])).get(job);
  };
  for (const [value, text] of Object.entries(memory)) t.equal(await shown('--mem', value, '%m'), text, value);
  for (const [value, text] of Object.entries(time)) t.equal(await shown('--time', value, '%l'), text, value);
});

t.test('--wait returns the exit code of the job, of an array the highest', async (t) => {
  const desk = await Desk.open(t);
  const wait = async (...args: string[]) =>
    (await desk.run('sbatch', '--wait', '-o', '/dev/null', ...args)).code;
  const codes = await Promise.all([
    wait('--wrap', 'exit 0'),
    wait('--wrap', 'exit 3'),
    wait('--wrap', 'exit 137'),
    wait('--wrap', 'kill -9 $$'),
    wait('--array=0-2', '--wrap', 'exit $SLURM_ARRAY_TASK_ID'),
  ]);
  t.strictSame(codes, [0, 3, 137, 1, 2]);
});

t.test('nodes: --nodelist, --exclude, a list of partitions', async (t) => {
  const desk = await Desk.open(t);
  const listed = await desk.quiet('--nodelist=n4', '--wrap', 'true');
  const excluded = await desk.quiet('--exclude=n[1-4]', '--wrap', 'true');
  const either = await desk.quiet('-p', 'devel,day', '--exclude=d[1-10],n[1-3]', '--wrap', 'true');
  await desk.untilEnded([listed, excluded, either]);
  const rows = await desk.accounting('JobID,NodeList,State', [listed, excluded, either], '-X');
  t.strictSame(
    rows.map((row) => [row.JobID, row.State]),
    [listed, excluded, either].map((id) => [id, 'COMPLETED']),
  );
  t.strictSame(
    rows.map((row) => row.NodeList?.replace('n4', 'n5')),
    ['n5', 'n5', 'n5'],
  );
  t.equal(rows[0]?.NodeList, 'n4');
  t.equal(rows[1]?.NodeList, 'n5');
  t.equal((await desk.queue('%P', [either])).get(either), 'day', 'the partition in which it ran');
});

t.test('a submission does not wait for its standard input', async (t) => {
  const desk = await Desk.open(t);
  const script = desk.file('cat.sh', '#!/bin/bash\ncat\necho end\n');
  const { stdout } = await run(['sbatch', '--parsable', '-o', 'out', script], {
    env: desk.cluster.env,
    cwd: desk.folder,
  });
  desk.remember(stdout.trim());
  await desk.untilEnded([stdout.trim()]);
  t.equal(desk.read('out'), 'end\n', 'the job reads from /dev/null');
});

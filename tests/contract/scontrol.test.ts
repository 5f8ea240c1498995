import t from 'tap';
import { Desk, parseRecords } from './desk.js';

t.jobs = 3;

const OK = { code: 0, stdout: '', stderr: '' };

t.test('show job: a record of lines, with -o one line', async (t) => {
  const desk = await Desk.open(t);
  const script = desk.file('script.sh', `#!/bin/bash\n${desk.gate('go')}\nexit 3\n`);
  const job = await desk.submit(
    '-J',
    'a name',
    '-o',
    'out',
    '--comment=two words',
    '--mem=100M',
    '-p',
    'devel',
    script,
    'arg',
  );
  await desk.untilRunning([job]);
  const text = await desk.query('scontrol', 'show', 'job', job);
  const oneLine = await desk.query('scontrol', '-o', 'show', 'job', job);
  const words = (all: string) =>
    all
      .replace(/RunTime=\S+/, '')
      .split(/\s+/)
      .filter(Boolean);
  t.strictSame(words(text), words(oneLine), 'the same fields');
  t.match(
    text,
    new RegExp(
      `^JobId=${job} JobName=a name\n   UserId=\\w+\\(${process.getuid?.()}\\) GroupId=\\w+\\(${process.getgid?.()}\\) `,
    ),
  );
  t.match(
    text,
    '\n   JobState=RUNNING Reason=None Dependency=(null)\n   Requeue=1 Restarts=0 BatchFlag=1 Reboot=0 ExitCode=0:0\n',
  );
  t.match(
    text,
    /\n {3}RunTime=00:00:\d\d TimeLimit=00:01:00 TimeMin=N\/A\n {3}SubmitTime=\d+ EligibleTime=\d+\n/,
  );
  t.match(text, /\n {3}StartTime=\d+ EndTime=\d+ Deadline=N\/A\n/);
  t.match(
    text,
    /\n {3}Partition=devel AllocNode:Sid=\S+:\d+\n {3}ReqNodeList=\(null\) ExcNodeList=\(null\)\n {3}NodeList=d\d+\n {3}BatchHost=d\d+\n/,
  );
  t.match(text, /\n {3}NumNodes=1 NumCPUs=1 NumTasks=1 CPUs\/Task=1 /);
  t.match(text, /\n {3}TRES=cpu=1,mem=100M,node=1(,billing=\d+)?\n/);
  t.match(text, '\n   MinCPUsNode=1 MinMemoryNode=100M MinTmpDiskNode=0\n');
  t.match(
    text,
    `\n   Command=${script} arg\n   WorkDir=${desk.folder}\n   Comment=two words \n   StdErr=${desk.folder}/out\n   StdIn=/dev/null\n   StdOut=${desk.folder}/out\n`,
  );
  const record = await desk.record(job);
  t.equal(Number(record.EndTime) - Number(record.StartTime), 60, 'the end of a running job is its limit');
  t.match(await desk.query('scontrol', 'show', 'jobid', job), `JobId=${job} `, 'show jobid');
  t.match(await desk.query('scontrol', 'show', `job=${job}`), `JobId=${job} `, 'show job=ID');
  desk.openGate('go');
  await desk.untilEnded([job]);
  t.match(await desk.record(job), { JobState: 'FAILED', Reason: 'NonZeroExitCode', ExitCode: '3:0' });
});

t.test('show job of an array', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.submit('--array=0-5%2', '-o', '%A.%a', '--wrap', desk.gate('go'));
  await desk.until([job], '%T', (states) => states.filter((state) => state === 'RUNNING').length === 2);
  const records = await desk.records(job);
  const of = (task: string) => records.find((record) => record.ArrayTaskId === task);
  t.equal(records.length, 3, 'one for each that runs, one for the rest');
  t.match(of('2-5%2'), {
    JobId: job,
    ArrayJobId: job,
    ArrayTaskThrottle: '2',
    JobState: 'PENDING',
    StartTime: 'Unknown',
    NodeList: '',
  });
  t.match(of('0'), { ArrayJobId: job, JobState: 'RUNNING', StdOut: `${desk.folder}/${job}.0` });
  t.not(of('0')?.JobId, job);
  const one = parseRecords(await desk.query('scontrol', '-o', 'show', 'job', `${job}_1`));
  t.match(one, [{ ArrayJobId: job, ArrayTaskId: '1', JobState: 'RUNNING' }], 'of a running task');
  const waiting = parseRecords(await desk.query('scontrol', '-o', 'show', 'job', `${job}_4`));
  t.match(waiting, [{ ArrayJobId: job, JobState: 'PENDING' }], 'of a pending task');
  const byNumber = await desk.record(of('1')?.JobId ?? '');
  t.match(byNumber, { ArrayTaskId: '1' }, 'by the number of its own');
  t.strictSame(await desk.run('scontrol', 'show', 'job', `${job}_77`), {
    code: 1,
    stdout: `Job ${job}_77 not found\n`,
    stderr: '',
  });
  desk.openGate('go');
});

t.test('hold and release', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--hold', '--wrap', 'true');
  const waiting = await desk.quiet('--begin=now+3600', '--wrap', 'true');
  t.strictSame(await desk.run('scontrol', 'hold', waiting), OK);
  // Who may do more than hold his own jobs holds as an administrator.
  t.match((await desk.queue('%T %r', [waiting])).get(waiting), /^PENDING JobHeld(User|Admin)$/);
  t.equal((await desk.record(waiting)).Priority, '0');
  t.strictSame(
    await desk.run('scontrol', 'release', `${waiting},${job}`),
    OK,
    'several, separated by commas',
  );
  await desk.until([waiting], '%r', ([reason]) => reason === 'BeginTime');
  await desk.untilEnded([job]);
  t.equal((await desk.accounting('State', [job], '-X'))[0]?.State, 'COMPLETED');
  t.strictSame(await desk.run('scontrol', 'release', waiting), OK, 'what is not held');
  const array = await desk.quiet('--hold', '--array=1-2', '--wrap', 'true');
  t.strictSame(await desk.run('scontrol', 'release', array), OK);
  await desk.untilEnded([array]);
  const inPlace = await desk.quiet('--hold', '--wrap', 'true');
  t.strictSame(
    await desk.run('scontrol', 'update', `JobId=${inPlace}`, 'Comment=new words', 'JobName=renamed'),
    OK,
  );
  t.equal((await desk.queue('%j %k', [inPlace])).get(inPlace), 'renamed new words');
  t.strictSame(await desk.run('scontrol', 'release', inPlace, job), {
    code: 1,
    stdout: '',
    stderr: `Job has already finished for job ${job}\nslurm_suspend error: Job has already finished\n`,
  });
});

t.test('update', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--hold', '--mem=100', '--wrap', 'true');
  const update = async (...settings: string[]) =>
    await desk.run('scontrol', 'update', `JobId=${job}`, ...settings);
  t.strictSame(
    await update('ExcNodeList=n1,n2', 'MinMemoryNode=77', 'TimeLimit=30', 'Partition=devel'),
    OK,
    'several settings',
  );
  t.match(await desk.record(job), {
    MinMemoryNode: '77M',
    TimeLimit: '00:30:00',
    Partition: 'devel',
    ExcNodeList: 'n1,n2',
  });
  t.strictSame(await update('ExcNodeList='), OK);
  t.match(await desk.record(job), { ExcNodeList: '(null)' });
  t.match(await desk.run('scontrol', 'update', `job=${job}`, 'timelimit=10'), OK, 'names in any case');
  t.strictSame(await update('Nonsense=1'), {
    code: 1,
    stdout: '',
    stderr: 'Update of this parameter is not supported: Nonsense=1\nRequest aborted\n',
  });
  t.strictSame(await update('ExcNodeList=zz'), {
    code: 1,
    stdout: '',
    stderr: `Invalid node name specified for job ${job}\n`,
  });
  t.strictSame(await update('Partition=nowhere'), {
    code: 1,
    stdout: '',
    stderr: `Invalid partition name specified for job ${job}\n`,
  });
  const ended = await desk.quiet('--wrap', 'true');
  await desk.untilEnded([ended]);
  t.match(await desk.run('scontrol', 'update', `JobId=${ended}`, 'Partition=week'), {
    code: 1,
    stderr: `Job has already finished for job ${ended}\n`,
  });
});

t.test('ids that nobody knows', async (t) => {
  const desk = await Desk.open(t);
  const unknown = '60000000';
  const answer = async (...args: string[]) => await desk.run('scontrol', ...args);
  t.strictSame(await answer('show', 'job', unknown), {
    code: 1,
    stdout: '',
    stderr: 'slurm_load_jobs error: Invalid job id specified\n',
  });
  t.strictSame(await answer('show', 'job', 'abc'), {
    code: 1,
    stdout: '',
    stderr: 'scontrol_print_job error: Invalid job id specified\n',
  });
  for (const verb of ['hold', 'release'])
    t.strictSame(
      await answer(verb, unknown),
      {
        code: 1,
        stdout: '',
        stderr: `Invalid job id specified for job ${unknown}\nslurm_suspend error: Invalid job id specified\n`,
      },
      verb,
    );
  t.strictSame(await answer('update', `JobId=${unknown}`, 'TimeLimit=1'), {
    code: 1,
    stdout: '',
    stderr: `Invalid job id specified for job ${unknown}\n`,
  });
  t.strictSame(await answer('show', 'node', 'zz'), { code: 1, stdout: 'Node zz not found\n', stderr: '' });
  t.strictSame(await answer('show', 'partition', 'nowhere'), {
    code: 1,
    stdout: 'Partition nowhere not found\n',
    stderr: '',
  });
  t.match(await answer('nonsense'), { code: 1, stderr: /^invalid keyword: nonsense\n/ });
});

t.test('show node, partition, config, hostnames; ping', async (t) => {
  const desk = await Desk.open(t);
  const [node] = parseRecords(await desk.query('scontrol', '-o', 'show', 'node', 'd1'));
  t.match(node, {
    NodeName: 'd1',
    CPUTot: /^\d+$/,
    CPUAlloc: /^\d+$/,
    RealMemory: '1024',
    AllocMem: /^\d+$/,
    State: /^(IDLE|MIXED|ALLOCATED)\b/,
    Partitions: 'devel',
  });
  t.match(await desk.query('scontrol', 'show', 'node', 'd1'), /^NodeName=d1 .*\n {3}CPUAlloc=\d+ /);
  const nodes = parseRecords(await desk.query('scontrol', '-o', 'show', 'node'));
  t.equal(nodes.length, 18, 'all nodes');
  const [partition] = parseRecords(await desk.query('scontrol', '-o', 'show', 'partition', 'day'));
  t.match(partition, {
    PartitionName: 'day',
    Default: 'YES',
    MaxTime: '00:01:00',
    DefaultTime: '00:01:00',
    Nodes: 'n[1-5]',
    State: 'UP',
    TotalNodes: '5',
    TotalCPUs: /^\d+$/,
  });
  t.equal(parseRecords(await desk.query('scontrol', '-o', 'show', 'partition')).length, 4, 'all partitions');
  const config = await desk.query('scontrol', 'show', 'config');
  for (const line of [
    /^MaxArraySize {12}= 10001$/m,
    /^MaxJobCount {13}= \d+$/m,
    /^MinJobAge {15}= \d+ sec$/m,
    /^KillWait {16}= \d+ sec$/m,
    /^AccountingStorageType {3}= accounting_storage\/\w+$/m,
    /^EnforcePartLimits {7}= NO$/m,
    /^ClusterName {13}= \S+$/m,
    /^SLURM_VERSION {11}= \d+\.\d+/m,
    /^DefMemPerCPU {12}= 256$/m,
    /^JobRequeue {14}= 1$/m,
  ])
    t.match(config, line);
  t.strictSame(await desk.run('scontrol', 'show', 'hostnames', 'n[1-3],w1'), {
    code: 0,
    stdout: 'n1\nn2\nn3\nw1\n',
    stderr: '',
  });
  t.match(await desk.run('scontrol', 'ping'), { code: 0, stdout: /^Slurmctld\(primary\) at \S+ is UP\n$/ });
});

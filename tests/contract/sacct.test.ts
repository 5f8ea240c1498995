import t from 'tap';
import { waitFor } from '../wait-for.js';
import { Desk } from './desk.js';

t.test('sacct', async (t) => {
  const desk = await Desk.open(t);
  const name = `accounting-${process.pid}`;
  const single = await desk.quiet(
    '-J',
    name,
    '--comment=why not',
    '--mem=100M',
    '-p',
    'devel',
    '--wrap',
    'exit 3',
  );
  const array = await desk.quiet('--array=1-2', '-J', `${name}-array`, '--wrap', 'srun true');
  const held = await desk.quiet('--hold', '--wrap', 'true');
  await desk.untilEnded([single, array]);
  // Last: it lives no longer than its limit.
  const running = await desk.quiet('-p', 'devel', '--wrap', desk.gate('go'));
  await desk.untilRunning([running]);
  const all = [single, array, running, held].join(',');
  const sacct = async (...args: string[]) => await desk.query('sacct', ...args);
  const allThere = async () => {
    const text = await sacct('-n', '-P', '-X', '-j', all, '--format=JobID,State,JobName');
    const lines = [
      `${single}|FAILED|${name}`,
      `${running}|RUNNING|wrap`,
      `${held}|PENDING|wrap`,
      `${array}_1|COMPLETED|${name}-array`,
    ];
    return lines.every((line) => text.includes(line)) ? true : undefined;
  };
  // A row can be there for seconds before its name (until then `allocation`), partition and time of submission.
  await waitFor('whole rows', 30, allThere);

  await t.test('the default table', async (t) => {
    const { stdout } = await desk.run('sacct', '-j', single);
    const [header, dashes, row, batch] = stdout.split('\n');
    t.equal(header, 'JobID           JobName  Partition    Account  AllocCPUS      State ExitCode ');
    t.equal(dashes, '------------ ---------- ---------- ---------- ---------- ---------- -------- ');
    t.match(row, new RegExp(`^${single.padEnd(12)} accountin\\+ {6}devel .{10} {10}1     FAILED      3:0 $`));
    t.match(
      batch,
      new RegExp(`^${`${single}.batch`.padEnd(12)}      batch {12}.{10} {10}1     FAILED      3:0 $`),
    );
  });

  await t.test('formats: -P, -p, -n, -X and widths', async (t) => {
    const format = '--format=JobID,State,ExitCode';
    t.equal(await sacct('-P', '-X', '-j', single, format), `JobID|State|ExitCode\n${single}|FAILED|3:0`);
    t.equal(
      await sacct('-n', '-P', '-j', single, format),
      `${single}|FAILED|3:0\n${single}.batch|FAILED|3:0`,
    );
    t.equal(await sacct('-n', '-p', '-X', '-j', single, format), `${single}|FAILED|3:0|`);
    t.equal(await sacct('-nPX', '-j', single, '--delimiter=;', format), `${single};FAILED;3:0`);
    const wide = await desk.run(
      'sacct',
      '-n',
      '-X',
      '-j',
      single,
      '--format=State%10,Partition%-7,ReqMem%3,ExitCode,JobName%40',
    );
    t.equal(wide.stdout, `    FAILED devel   10+      3:0 ${name.padStart(40)} \n`);
    t.equal(await sacct('-nPX', '-j', single, '--format=state%3'), 'FAILED', 'with -P nothing is cut');
    const byVariable = await desk.runWith({ SACCT_FORMAT: 'jobid,user' }, 'sacct', '-nPX', '-j', single);
    t.match(byVariable.stdout, new RegExp(`^${single}\\|\\w+\\n$`), 'SACCT_FORMAT');
  });

  await t.test('fields', async (t) => {
    const columns =
      'JobID,JobIDRaw,JobName,User,UID,Partition,State,ExitCode,DerivedExitCode,NodeList,NNodes,NCPUS,AllocCPUS,ReqCPUS,ReqMem,Timelimit,TimelimitRaw,Elapsed,ElapsedRaw,Submit,Eligible,Start,End,Comment,WorkDir,Cluster,Reason,MaxRSS,CPUTimeRAW,SubmitLine';
    const [job, batch] = await desk.accounting(columns, [single]);
    t.match(job, {
      JobID: single,
      JobIDRaw: single,
      JobName: name,
      User: /^\w+$/,
      UID: String(process.getuid?.()),
      Partition: 'devel',
      State: 'FAILED',
      ExitCode: '3:0',
      DerivedExitCode: '0:0',
      NodeList: /^d\d+$/,
      NNodes: '1',
      NCPUS: '1',
      AllocCPUS: '1',
      ReqCPUS: '1',
      ReqMem: '100M',
      Timelimit: '00:01:00',
      TimelimitRaw: '1',
      Elapsed: /^00:00:\d\d$/,
      ElapsedRaw: /^\d+$/,
      Submit: /^\d+$/,
      Start: /^\d+$/,
      End: /^\d+$/,
      Comment: 'why not',
      WorkDir: desk.folder,
      Cluster: /^\S+$/,
      Reason: /^\w+$/,
      MaxRSS: '',
      SubmitLine: /^sbatch --parsable -o \/dev\/null -J accounting/,
    });
    t.match(batch, {
      JobID: `${single}.batch`,
      JobIDRaw: `${single}.batch`,
      JobName: 'batch',
      State: 'FAILED',
      User: '',
      Partition: '',
    });
    const [waiting] = await desk.accounting('State,Start,End,NodeList,ElapsedRaw,ExitCode,Elapsed', [held]);
    t.match(waiting, {
      State: 'PENDING',
      Start: 'Unknown',
      End: 'Unknown',
      NodeList: 'None assigned',
      ElapsedRaw: '0',
      ExitCode: '0:0',
      Elapsed: '00:00:00',
    });
    const [now] = await desk.accounting('State,Start,End,NodeList', [running], '-X');
    t.match(now, { State: 'RUNNING', Start: /^\d+$/, End: 'Unknown', NodeList: /^d\d+$/ });
  });

  await t.test('rows of an array and its steps', async (t) => {
    const rows = await desk.accounting('JobID,JobIDRaw,JobName,State', [array]);
    const raw = new Map(rows.map((row) => [row.JobID ?? '', row.JobIDRaw ?? '']));
    t.strictSame(
      rows.map((row) => `${row.JobID} ${row.JobName} ${row.State}`).sort(),
      [1, 2].flatMap((index) => [
        `${array}_${index} ${name}-array COMPLETED`,
        `${array}_${index}.0 true COMPLETED`,
        `${array}_${index}.batch batch COMPLETED`,
      ]),
    );
    for (const index of [1, 2])
      t.equal(
        raw.get(`${array}_${index}.batch`),
        `${raw.get(`${array}_${index}`)}.batch`,
        'raw ids of steps',
      );
  });

  await t.test('which jobs', async (t) => {
    const ids = async (...args: string[]) =>
      (await sacct('-n', '-P', '-X', '--format=JobID', ...args)).split('\n');
    t.strictSame(await ids('-j', `${array}_2`), [`${array}_2`], '-j of a task');
    t.strictSame(
      (await ids('-j', `${array}_1,${array}_2,${single}`)).sort(),
      [`${array}_1`, `${array}_2`, single].sort(),
    );
    t.strictSame(await ids('-j', `${single}.batch`), [single], '-j of a step');
    t.strictSame(await ids('-j', all, '-s', 'F'), [single], '-s F');
    t.strictSame(
      await ids('-j', all, '-s', 'failed', '-S', 'now-1hours', '-E', 'now'),
      [single],
      '-s with -S and -E',
    );
    t.strictSame(await ids('--name', name, '-S', 'now-1hours'), [single], '--name');
    const user = (await sacct('-nPX', '-j', single, '--format=User')).trim();
    const listed = async () => {
      const rows = await ids('-u', user, '-S', 'now-1hours');
      return rows.includes(single) && rows.includes(`${array}_1`) ? true : undefined;
    };
    await t.resolves(waitFor('rows without -j', 20, listed), '-u and -S');
    t.strictSame(await ids('-u', 'nobody', '-S', 'now-1hours'), [''], '-u of somebody else');
    t.notOk(
      (await ids('-S', 'now-2hours', '-E', 'now-1hours')).includes(single),
      '-S and -E before its time',
    );
  });

  await t.test('ids that nobody knows', async (t) => {
    t.strictSame(await desk.run('sacct', '-n', '-P', '-j', '60000000'), { code: 0, stdout: '', stderr: '' });
    t.strictSame(await desk.run('sacct', '-j', 'abc'), {
      code: 1,
      stdout: '',
      stderr: 'sacct: fatal: Bad job/step specified: abc\n',
    });
    t.strictSame(await desk.run('sacct', '-j', single, '--format=nonsense'), {
      code: 1,
      stdout: '',
      stderr: 'sacct: error: Invalid field requested: "nonsense"\n',
    });
    t.match(await desk.run('sacct', '-s', 'nonsense'), {
      code: 1,
      stderr: "sacct: fatal: unrecognized job state value 'nonsense'\n",
    });
  });

  // The exit codes in it are wrong in 22.05: 0 for a job that failed with 3.
  await t.test('--json', async (t) => {
    // Not with SLURM_TIME_FORMAT=%s, which makes 22.05 fail here ("Invalid time specification").
    const { stdout } = await desk.run('sacct', '-j', single, '--json');
    const { jobs } = JSON.parse(stdout) as { jobs: Record<string, unknown>[] };
    t.match(jobs, [
      {
        job_id: Number(single),
        name,
        state: { current: 'FAILED' },
        partition: 'devel',
        comment: { job: 'why not' },
        nodes: /^d\d+$/,
        working_directory: desk.folder,
        steps: [{ state: 'FAILED', step: { id: 'batch', name: 'batch' } }],
      },
    ]);
  });

  await t.test('times as SLURM_TIME_FORMAT says', async (t) => {
    const iso = await desk.run('sacct', '-nPX', '-j', single, '--format=Start');
    t.match(iso.stdout, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\n$/);
    const seconds = await sacct('-nPX', '-j', single, '--format=Start');
    t.match(seconds, /^\d+$/);
  });
  desk.openGate('go');
});

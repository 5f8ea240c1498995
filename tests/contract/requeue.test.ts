import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Desk } from './desk.js';

t.jobs = 3;

const OK = { code: 0, stdout: '', stderr: '' };

t.test('scontrol requeue: the same job once more', async (t) => {
  const desk = await Desk.open(t);
  const body = `echo "run \${SLURM_RESTART_COUNT-none}" >> runs; echo "\${SLURM_RESTART_COUNT-none}"; [ -n "$SLURM_RESTART_COUNT" ] || sleep 600`;
  const job = await desk.submit('-o', 'out', '--comment=afterok:x', '--wrap', body);
  await desk.run('bash', '-c', 'until [ -s out ]; do sleep 0.05; done');
  t.strictSame(await desk.run('scontrol', 'requeue', job), OK);
  await desk.until([job], '%T %r', ([row]) => row === 'PENDING BeginTime');
  t.match(await desk.record(job), { JobId: job, Restarts: '1', JobState: 'PENDING' });
  await desk.untilEnded([job]);
  t.equal(desk.read('runs'), 'run none\nrun 1\n', 'SLURM_RESTART_COUNT is set from the second run on');
  t.equal(desk.read('out'), '1\n', 'its output file begins anew');
  t.match(await desk.record(job), { JobState: 'COMPLETED', Restarts: '1' });
  const rows = await desk.accounting('JobID,State,ExitCode', [job]);
  t.strictSame(
    rows.map((row) => Object.values(row).join(' ')),
    [`${job} COMPLETED 0:0`, `${job}.batch COMPLETED 0:0`],
    'accounting shows the last run',
  );
  const all = await desk.accounting('JobID,State,ExitCode,Comment', [job], '-D');
  t.strictSame(
    all.map((row) => Object.values(row).join(' ')),
    [
      `${job} REQUEUED 0:0 afterok:x`,
      `${job}.batch CANCELLED 0:15 `,
      `${job} COMPLETED 0:0 afterok:x`,
      `${job}.batch COMPLETED 0:0 `,
    ],
    'with -D all of them',
  );
  const submits = (await desk.accounting('JobID,Submit', [job], '-D', '-X')).map(({ Submit }) =>
    Number(Submit),
  );
  t.ok((submits[0] ?? 0) < (submits[1] ?? 0), 'submitted anew');
  t.match(await desk.record(job), { SubmitTime: String(submits[1]), Comment: 'afterok:x' });
});

t.test('StartTime=now ends the wait; a job that has ended runs again', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--wrap', 'echo run >> runs');
  await desk.untilEnded([job]);
  t.strictSame(await desk.run('scontrol', 'requeue', job), OK);
  t.strictSame(await desk.run('scontrol', 'update', `JobId=${job}`, 'StartTime=now'), OK);
  await desk.until([job], '%T', ([state]) => state === 'COMPLETED');
  t.equal(desk.read('runs'), 'run\nrun\n');
  t.match(await desk.record(job), { JobState: 'COMPLETED', Restarts: '1' });
});

t.test('a task of an array', async (t) => {
  const desk = await Desk.open(t);
  const body = `echo "$SLURM_ARRAY_TASK_ID \${SLURM_RESTART_COUNT-0}" >> runs; [ -n "$SLURM_RESTART_COUNT" ] || { ${desk.gate('go')}; }`;
  const job = await desk.quiet('--array=1-2', '--wrap', body);
  await desk.untilRunning([job]);
  await desk.run('bash', '-c', 'until [ "$(wc -l < runs)" = 2 ]; do sleep 0.05; done');
  t.strictSame(await desk.run('scontrol', 'requeue', `${job}_2`), OK);
  await desk.until([`${job}_2`], '%T', ([state]) => state === 'PENDING');
  // Slurm revokes the job's credential by the second: within the one of the requeue, slurmd takes it for killed and starts
  // nothing ("Job credential revoked"), and the task fails.
  await sleep(1100);
  await desk.run('scontrol', 'update', `JobId=${job}_2`, 'StartTime=now');
  desk.openGate('go');
  await desk.until([job], '%T', (states) => states.every((state) => state === 'COMPLETED'));
  t.strictSame(desk.read('runs').trim().split('\n').sort(), ['1 0', '2 0', '2 1']);
});

t.test('refused', async (t) => {
  const desk = await Desk.open(t);
  const held = await desk.quiet('--hold', '--wrap', 'true');
  const pending = await desk.run('scontrol', 'requeue', held);
  t.strictSame(pending, { code: 1, stdout: '', stderr: `Job is pending execution for job ${held}\n` });
  const unknown = await desk.run('scontrol', 'requeue', '60000000');
  t.strictSame(unknown, { code: 1, stdout: '', stderr: 'Invalid job id specified for job 60000000\n' });
  const never = await desk.quiet('--no-requeue', '--wrap', desk.gate('never'));
  await desk.untilRunning([never]);
  t.match(await desk.run('scontrol', 'requeue', never), {
    code: 1,
    stderr: /^Requested operation is presently disabled/,
  });
});

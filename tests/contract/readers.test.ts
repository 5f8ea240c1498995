import t from 'tap';
import { formatJobId } from '../../lib/slurm/job-id.js';
import { type AccountingRow, sacct } from '../../lib/slurm/sacct.js';
import { sbatch, sbatchAdmits } from '../../lib/slurm/sbatch.js';
import { scancel } from '../../lib/slurm/scancel.js';
import { scontrolRelease, scontrolShowConfig, scontrolShowJob } from '../../lib/slurm/scontrol.js';
import { sinfo } from '../../lib/slurm/sinfo.js';
import { squeueJobs, squeueUser } from '../../lib/slurm/squeue.js';
import { waitFor } from '../wait-for.js';
import { Desk } from './desk.js';

t.jobs = 3;

const MB = 2 ** 20;

async function accountingOf(jobs: readonly string[], env: NodeJS.ProcessEnv): Promise<AccountingRow[]> {
  const rows: AccountingRow[] = [];
  await sacct(jobs, env, (row) => rows.push(row));
  return rows;
}

t.test('sacct.ts, squeue.ts and scontrol.ts: a throttled array', async (t) => {
  const desk = await Desk.open(t);
  const { env } = desk.cluster;
  const body = `[ $SLURM_ARRAY_TASK_ID = 0 ] && exit 137; ${desk.gate('go')}`;
  const job = await desk.quiet('--array=0-5%1', '--comment=afterok:x|y', '--mem=100M', '--wrap', body);
  await desk.until([job], '%T', (_, rows) => rows.get(`${job}_1`) === 'RUNNING');

  const queue = await squeueJobs([job], env);
  const shown = (rows: typeof queue) =>
    rows
      .map(({ id, state, reason, comment }) => `${formatJobId(id)} ${state.state} ${reason} ${comment}`)
      .sort();
  t.strictSame(shown(queue), [
    `${job}_1 RUNNING None afterok:x|y`,
    `${job}_[2-5%1] PENDING JobArrayTaskLimit afterok:x|y`,
  ]);
  const mine = (await squeueUser(env)).filter((row) => row.id.job === Number(job));
  t.strictSame(shown(mine), shown(queue), 'squeueUser');

  const records = await scontrolShowJob(job, env);
  t.match(
    records.find((record) => record.arrayTask === '0'),
    {
      arrayJobId: job,
      state: { state: 'FAILED' },
      exit: { code: 137, signal: 0 },
      nodes: /^n\d$/,
      comment: 'afterok:x|y',
    },
    'the true exit code',
  );
  t.match(
    records.find((record) => record.arrayTask === '2-5'),
    { jobId: job, state: { state: 'PENDING' }, nodes: null, elapsed: 0 },
  );

  const running = await waitFor('accounting of the running task', 10, async () =>
    (await accountingOf([job], env)).find((row) => row.state.state === 'RUNNING' && row.submit !== null),
  );
  t.match(running, { comment: '', submit: records[0]?.submit }, 'no comment yet');

  desk.openGate('go');
  await desk.untilEnded([job]);
  const rows = await accountingOf([job], env);
  const failed = rows.find(({ id }) => formatJobId(id) === `${job}_0`);
  t.match(failed, { state: { state: 'FAILED' }, exit: { code: 9, signal: 0 }, nodes: /^n\d$/, maxRss: null });
  t.equal(failed?.comment, 'afterok:x|y');
  t.ok((failed?.start ?? 0) <= (failed?.end ?? 0));
  const tasks = rows
    .filter(({ id }) => id.step === null)
    .map(({ id, state }) => `${formatJobId(id)} ${state.state}`);
  t.strictSame(tasks.sort(), [
    `${job}_0 FAILED`,
    ...[1, 2, 3, 4, 5].map((index) => `${job}_${index} COMPLETED`),
  ]);
  t.equal(rows.filter(({ id }) => id.step === 'batch').length, 6, 'batch steps');
});

t.test('states: cancelled, out of memory, unknown', async (t) => {
  const desk = await Desk.open(t);
  const { env } = desk.cluster;
  const cancelled = await desk.quiet('--hold', '--wrap', 'true');
  const hungry = await desk.quiet('--mem=60M', '--wrap', 'python3 -c "bytearray(300 * 1024 * 1024)"');
  t.resolves(scancel([cancelled, '60000000'], env), 'an unknown id is no error');
  await desk.untilEnded([cancelled, hungry]);
  const rows = await accountingOf([cancelled, hungry], env);
  const of = (id: string) => rows.find((row) => formatJobId(row.id) === id);
  t.match(of(cancelled), {
    state: { state: 'CANCELLED', cancelledBy: process.getuid?.() },
    nodes: null,
    elapsed: 0,
  });
  t.match(of(hungry), { state: { state: 'OUT_OF_MEMORY' }, exit: { code: 0, signal: 125 } });
  t.strictSame(await squeueJobs(['60000000'], env), []);
  t.strictSame(await scontrolShowJob('60000000', env), []);
  t.strictSame(await accountingOf(['60000000'], env), []);
});

t.test('sbatch.ts: ids, refusals and --test-only', async (t) => {
  const desk = await Desk.open(t);
  const options = { env: desk.cluster.env, cwd: desk.folder };
  const job = await sbatch(['--hold', '-o', '/dev/null', '--wrap', 'true'], options);
  desk.remember(job);
  t.match(job, /^\d+$/);
  const refusals = {
    'Batch job submission failed: Invalid job array specification': ['--array=5-2'],
    'Batch job submission failed: Requested node configuration is not available': ['--mem=1000G'],
    'Batch job submission failed: Invalid partition name specified': ['-p', 'nowhere'],
    'Batch job submission failed: Job dependency problem': ['-d', 'afterok:x'],
  };
  for (const [reason, args] of Object.entries(refusals))
    await t.rejects(sbatch([...args, '--wrap', 'true'], options), {
      name: 'SlurmCommandError',
      message: `sbatch: ${reason}`,
      kind: 'refused',
    });
  t.equal(await sbatchAdmits(['--mem=10M', '--wrap', 'true'], options), true);
  t.equal(await sbatchAdmits(['--exclude=n[1-5]', '--wrap', 'true'], options), false);
  await scontrolRelease([job], desk.cluster.env);
  await desk.untilEnded([job]);
});

t.test('sinfo.ts and the configuration', async (t) => {
  const desk = await Desk.open(t);
  const { env } = desk.cluster;
  const rows = await sinfo(env);
  const of = (name: string) => rows.filter((row) => row.partition === name);
  const nodes = (name: string) => of(name).reduce((sum, row) => sum + row.nodes, 0);
  t.strictSame(['devel', 'day', 'week', 'pi_jetz'].map(nodes), [10, 5, 2, 1]);
  t.match(of('day')[0], { isDefault: true, up: true, maxTime: 60, memory: 2048 * MB, nodeList: /^n/ });
  t.match(of('pi_jetz')[0], { isDefault: false, maxTime: 480, memory: 16384 * MB, nodeList: 'p1', nodes: 1 });
  const config = await scontrolShowConfig(env);
  t.equal(config.get('MaxArraySize'), '10001');
  t.match(config.get('AccountingStorageType'), /^accounting_storage\/(?!none)/);
  t.match(config.get('MinJobAge'), /^\d+ sec$/);
});

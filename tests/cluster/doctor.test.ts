import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { run } from '../program.js';
import { queued, slurm } from './cluster.js';
import { Bench, LADDER, MEM_ESCALATE } from './harness.js';

interface Report {
  healthy: boolean;
  checks: { check: string; grade: string; found: string; meaning: string }[];
}

async function doctor(bench: Bench, ...options: string[]): Promise<{ report: Report; code: number | null }> {
  writeFileSync(join(bench.folder, 'ladder.yaml'), LADDER);
  const { stdout, code } = await bench.run(['doctor', '-f', 'json', '-c', 'ladder.yaml', ...options]);
  return { report: JSON.parse(stdout) as Report, code };
}

t.test('the test cluster is fit, as a job on one of its nodes sees it', async (t) => {
  const bench = await Bench.open(t);
  const { report, code } = await doctor(bench, '--probe');
  t.equal(code, 0);
  t.ok(report.healthy);
  const odd = report.checks.filter(({ grade, check }) => grade !== 'ok' && !/chains|jobs/.test(check));
  t.strictSame(odd, []);
  t.match(
    report.checks.find(({ check }) => check === 'probe'),
    { found: new RegExp(`node ${process.version}$`) },
  );
  t.strictSame(
    readdirSync(bench.tracker).filter((name) => name.startsWith('.')),
    [],
    'the probe leaves nothing behind',
  );
});

t.test('a tracker that nodes do not see', async (t) => {
  const bench = await Bench.open(t);
  writeFileSync(join(bench.folder, 'ladder.yaml'), LADDER);
  const hide = 'mkdir -p hidden && mount -t tmpfs tmpfs hidden && exec "$@"';
  const command = [process.execPath, MEM_ESCALATE, 'doctor', '--probe', '-f', 'json', '-c', 'ladder.yaml'];
  const { stdout, code } = await run(['unshare', '-m', 'bash', '-c', hide, 'hide', ...command], {
    env: { ...bench.env, AFTEROK_TRACKER: join(bench.folder, 'hidden/tracker') },
    cwd: bench.folder,
  });
  t.equal(code, 1);
  t.match(
    (JSON.parse(stdout) as Report).checks.find(({ check }) => check === 'probe'),
    { grade: 'bad', meaning: /^the tracker folder is not there/ },
  );
  t.notOk(existsSync(join(bench.folder, 'hidden/tracker')), 'it is not seen from here either');
});

t.test('jobs of a chain that nobody knows', async (t) => {
  const bench = await Bench.open(t);
  const token = 'afterok:20200101-000000-none:r1:j1';
  const job = (await slurm('sbatch', '--parsable', '--hold', `--comment=${token}`, '--wrap=true')).trim();
  t.teardown(() => slurm('scancel', job));
  t.equal((await queued(token)).length, 1);
  const { report } = await doctor(bench);
  t.match(
    report.checks.find(({ check }) => check === 'jobs of unknown chains'),
    { grade: 'warn' },
    'chains of other tests, in trackers of their own, may be among them',
  );
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readLadderFile } from '../../lib/chain/ladder-file.js';
import { slurm } from './cluster.js';
import { Bench, LADDER, PLAN_JOB } from './harness.js';

const PLAN = { 2: 'oom ok', 5: 'exit:3', '*': 'sleep:2+ok' };

/** The counts of what `simulate -f json` says of attempts. */
interface Counts {
  attempts: number;
  completed: number;
  outOfMemory: number;
  timeout: number;
  failed: number;
}

const counts = ({ attempts, completed, outOfMemory, timeout, failed }: Counts) =>
  [attempts, completed, outOfMemory, timeout, failed].join(' ');

t.test('the ladder of a chain, simulated on its history, does what it did', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ array: '0-7', plan: PLAN });
  const { rounds } = await chain.waitForEnd('failed');
  const ladder = join(bench.folder, 'own.yaml');
  writeFileSync(ladder, LADDER);
  const simulate = async (history: string) => {
    const { stdout } = await bench.run(['simulate', '-f', 'json', '--history', history, '-c', ladder]);
    return JSON.parse(stdout) as { total: Counts; really: Counts };
  };
  const { total, really } = await simulate(chain.id);
  t.equal(counts(really), '9 7 1 0 1');
  t.equal(counts(total), counts(really));

  const ids = rounds.flatMap(({ jobs }) => jobs.map(({ jobId }) => jobId)).join(',');
  const format = 'JobID,State,MaxRSS,ElapsedRaw,AllocCPUS,ReqMem';
  const past = join(bench.folder, 'past.txt');
  writeFileSync(past, await slurm('sacct', '-P', '-j', ids, '-o', format));
  const fromFile = await simulate(past);
  t.equal(counts(fromFile.really), counts(really), 'a file of sacct says the same');
  t.equal(counts(fromFile.total), counts(really));
  await chain.assertSound(t);
});

t.test('the proposed ladder is a ladder file that the cluster takes', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ array: '0-7', plan: PLAN });
  await chain.waitForEnd('failed');
  const file = join(bench.folder, 'proposed.yaml');
  const { stdout } = await bench.run(['advise', 'plan-job.sh', '-f', 'json', '-o', file]);
  const { proposed } = JSON.parse(stdout) as { proposed: { total: Counts } };
  t.match(proposed.total, { completed: 7, failed: 1 });
  t.ok(readLadderFile(file).levels.length <= 4);
  const dry = await bench.run(['--dry-run', '-c', file, '-a', '0-7', PLAN_JOB]);
  t.match(dry.stdout, /^# dry run: 8 tasks/);
  await chain.assertSound(t);
});

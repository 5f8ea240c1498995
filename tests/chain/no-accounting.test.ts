import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import t, { type Test } from 'tap';
import { type Checkpoint, lastRound } from '../../lib/chain/checkpoint.js';
import { listChains, readCheckpoint } from '../../lib/chain/open-chain.js';
import { readOutcomes } from '../../lib/chain/outcomes-file.js';
import { type ChainPaths, TrackerPaths } from '../../lib/chain/paths.js';
import { type FakeSlurm, fakeSlurm } from '../fake-slurm.js';

interface Started {
  slurm: FakeSlurm;
  paths: ChainPaths;
  checkpoint: () => Checkpoint;
  /** What the array job of the last round runs. */
  script: () => string;
}

async function start(t: Test, ladder = '', accounting = false): Promise<Started> {
  const slurm = fakeSlurm(t);
  slurm.append('ladder.yaml', ladder);
  // Index 1 fails until the level is 1, 2 always.
  slurm.write(
    'job.sh',
    '#!/bin/bash\nexit $((SLURM_ARRAY_TASK_ID == 1 && $1 == 0 ? 137 : SLURM_ARRAY_TASK_ID == 2))\n',
  );
  if (!accounting) slurm.write('no-accounting', '');
  const tracker = new TrackerPaths(`${slurm.folder}/tracker`);
  const options = ['--tracker', tracker.tracker, '-c', 'ladder.yaml', '--no-wait', '--parsable'];
  const ran = await slurm.run('bin/mem-escalate', [...options, '-a', '0-3', 'job.sh', '0']);
  if (ran.status !== 0) throw new Error(ran.stderr);
  const paths = tracker.chain(listChains(tracker)[0] ?? '');
  const checkpoint = () => readCheckpoint(paths);
  const jobId = () => lastRound(checkpoint()).jobs[0]?.jobId ?? '';
  return { slurm, paths, checkpoint, script: () => slurm.submitted(jobId()).at(-2) ?? '' };
}

/** Runs tasks as slurmd would, and takes the job out of the queue; the controller of these tests forgets at once. */
function runTasks({ slurm, checkpoint, script }: Started, tasks: readonly number[], level: string): void {
  const jobId = lastRound(checkpoint()).jobs[0]?.jobId ?? '';
  for (const task of tasks) {
    const env = {
      ...slurm.env,
      SLURM_JOB_ID: jobId,
      SLURM_ARRAY_JOB_ID: jobId,
      SLURM_ARRAY_TASK_ID: `${task}`,
    };
    spawnSync(script(), [level], { env });
  }
  slurm.end(jobId, {});
}

t.test('a chain on a cluster without accounting ends by its records', async (t) => {
  const chain = await start(t);
  t.same(chain.checkpoint().evidence, { accounting: false, records: true, comments: false });
  t.match(chain.script(), /round-1-job-1\/job\.sh$/);
  runTasks(chain, [0, 1, 2, 3], '0');
  await chain.slurm.run('handlers/on-failure', [chain.paths.checkpoint]);
  t.equal(chain.checkpoint().rounds.length, 2);
  t.same(
    readOutcomes(chain.paths.outcomes(1)).map(({ state, exit, scriptExit }) => [
      state,
      exit.code,
      scriptExit?.code,
    ]),
    [
      ['COMPLETED', 0, 0],
      ['FAILED', 137, 137],
      ['FAILED', 1, 1],
      ['COMPLETED', 0, 0],
    ],
  );
  runTasks(chain, [1], '1');
  await chain.slurm.run('handlers/on-success', [chain.paths.checkpoint]);
  t.match(chain.checkpoint(), { state: 'failed', rounds: [{}, { result: { states: { COMPLETED: 1 } } }] });
});

t.test('a task without a record stays open, and somebody looks again', async (t) => {
  const chain = await start(t);
  runTasks(chain, [0, 2, 3], '0');
  await chain.slurm.run('handlers/on-failure', [chain.paths.checkpoint]);
  const { state, rounds } = chain.checkpoint();
  t.same([state, rounds.length, rounds[0]?.phase], ['active', 1, 'running']);
  t.equal(rounds[0]?.handlers.at(-1)?.trigger, 'again');
});

t.test('a ladder can ask for records beside accounting', async (t) => {
  const chain = await start(t, 'completion_records: true', true);
  t.same(chain.checkpoint().evidence, { accounting: true, records: true, comments: false });
  t.ok(existsSync(chain.paths.records(1)));
  const jobId = lastRound(chain.checkpoint()).jobs[0]?.jobId ?? '';
  chain.slurm.account(jobId, {
    0: 'COMPLETED 0:0',
    1: 'FAILED 9:0',
    2: 'FAILED 1:0',
    3: 'OUT_OF_MEMORY 0:125',
  });
  runTasks(chain, [0, 1, 2, 3], '0');
  await chain.slurm.run('handlers/on-failure', [chain.paths.checkpoint]);
  t.same(
    readOutcomes(chain.paths.outcomes(1)).map(({ state, scriptExit }) => [state, scriptExit?.code]),
    [
      ['COMPLETED', 0],
      ['FAILED', 137],
      ['FAILED', 1],
      ['OUT_OF_MEMORY', 0],
    ],
  );
});

t.test('otherwise the script is submitted as it is', async (t) => {
  const chain = await start(t, '', true);
  t.same(chain.checkpoint().evidence, { accounting: true, records: false, comments: false });
  t.equal(chain.script(), chain.paths.script('job.sh'));
  t.notOk(existsSync(chain.paths.records(1)));
});

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Checkpoint, lastRound, type Round } from '../../lib/chain/checkpoint.js';
import { indices, size } from '../../lib/chain/index-set.js';
import { DEFAULT_NODE_EXCLUSION } from '../../lib/chain/node-exclusion.js';
import { makeTracker, readCheckpoint, writeCheckpoint } from '../../lib/chain/open-chain.js';
import { type ChainPaths, TrackerPaths } from '../../lib/chain/paths.js';
import { planRound } from '../../lib/chain/plan.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { CHAIN, checkpoint, ladder, level, request } from '../chain/plain-chain.js';
import { report } from './cluster.js';
import { FAILURES, type Fails, writeAccounting } from './simulated-accounting.js';

/**
 * Planning of the rounds of very large chains: everything that a handler does between the end of a round and its first
 * sbatch, with accounting that is made up beforehand. `read` is sacct's text turned into outcomes, `plan` the rest:
 * decision, conservation, outcomes file, next round, checkpoint. Memory is the peak of the whole handler. Seconds of
 * processor beside those of the clock, for machines that are shared.
 */
const ROUNDS = 4;
const MILLION = 1_000_000;

interface Case {
  tasks: number;
  failures: keyof typeof FAILURES;
  maxArraySize: number;
}

const SIZES = [MILLION / 8, MILLION / 4, MILLION / 2, MILLION, 2 * MILLION];
const CASES: Case[] = [
  ...SIZES.map((tasks) => ({ tasks, failures: 'random half', maxArraySize: 4_000_001 })),
  ...[10_001, 1001].map((maxArraySize) => ({ tasks: MILLION, failures: 'random half', maxArraySize })),
  { tasks: MILLION, failures: 'random 10 %', maxArraySize: 4_000_001 },
  { tasks: MILLION, failures: 'periodic', maxArraySize: 4_000_001 },
];

const folder = mkdtempSync(join(tmpdir(), 'afterok-bench-planning-'));
const accounting = join(folder, 'accounting');
const sacct = join(folder, 'bin', 'sacct');
mkdirSync(join(folder, 'bin'));
writeFileSync(sacct, `#!/bin/sh\nexec cat '${accounting}'\n`);
chmodSync(sacct, 0o755);
const tracker = new TrackerPaths(join(folder, 'tracker'));
makeTracker(tracker);

for (const one of CASES) planChain(one);
rmSync(folder, { recursive: true });

function planChain({ tasks, failures, maxArraySize }: Case): void {
  const paths = tracker.chain(CHAIN);
  startChain(paths, tasks, maxArraySize);
  for (let number = 1; number <= ROUNDS; number += 1) {
    const round = letRun(paths, FAILURES[failures] as Fails);
    const read = inProcess('read', paths);
    const whole = inProcess('conclude', paths);
    const after = readCheckpoint(paths);
    report('planning', {
      tasks,
      failures,
      max_array_size: maxArraySize,
      round: number,
      in_round: round.jobs.reduce((sum, { count }) => sum + count, 0),
      read: read.seconds,
      plan: whole.seconds - read.seconds,
      read_cpu: read.cpu,
      plan_cpu: whole.cpu - read.cpu,
      allowed: 5,
      memory_mb: Math.round(whole.memory),
      memory_allowed: 500,
      ...nextJobs(after, number),
      checkpoint_mb: statSync(paths.checkpoint).size / 2 ** 20,
    });
  }
  rmSync(paths.folder, { recursive: true });
}

function startChain(paths: ChainPaths, tasks: number, maxArraySize: number): void {
  const array = `0-${tasks - 1}`;
  const asked = request({ array, maxLevel: ROUNDS - 1 });
  const limits = { maxArraySize, maxArraySpecLength: 4096 };
  const groups = [{ level: 0, indices: indices(array), exclude: [] }];
  const first = planRound(CHAIN, 1, groups, asked, limits, 1_795_227_818);
  const levels = Array.from({ length: ROUNDS }, () => level());
  mkdirSync(join(paths.folder, 'script'), { recursive: true });
  writeFileSync(paths.script(asked.script.name), '#!/bin/bash\n#SBATCH -o /dev/null\ntrue\n');
  writeCheckpoint(
    paths,
    checkpoint({
      request: asked,
      limits,
      ladder: ladder({ levels, nodeExclusion: DEFAULT_NODE_EXCLUSION }),
      rounds: [first],
    }),
  );
}

/** As if the planned round had been submitted and had ended. */
function letRun(paths: ChainPaths, fails: Fails): Round {
  const before = readCheckpoint(paths);
  const planned = lastRound(before);
  const jobs = planned.jobs.map((job, place) => ({ ...job, jobId: String((place + 1) * 5000) }));
  const round: Round = { ...planned, phase: 'running', jobs };
  writeCheckpoint(paths, { ...before, rounds: [...before.rounds.slice(0, -1), round] });
  writeAccounting(accounting, round, fails);
  return round;
}

interface Cost {
  seconds: number;
  cpu: number;
  memory: number;
}

function inProcess(step: 'read' | 'conclude', paths: ChainPaths): Cost {
  const program = `${PACKAGE_ROOT}dist/tests/bench/planning-round.js`;
  const { stdout, stderr } = spawnSync(process.execPath, [program, step, paths.checkpoint], {
    env: { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Cost;
}

/** The jobs of the round that was planned; at least `characters / 4096` of them are needed for those that are not mapped. */
function nextJobs(after: Checkpoint, number: number): Record<string, number> {
  const next = after.rounds[number];
  if (next === undefined) return { jobs: 0 };
  const { result } = after.rounds[number - 1] as Round;
  const retrying = result?.buckets.retrying ?? '';
  const tasks = next.jobs.reduce((sum, { count }) => sum + count, 0);
  if (tasks !== size(retrying)) throw new Error('tasks were lost');
  return {
    jobs: next.jobs.length,
    mapped: next.jobs.filter(({ mapped }) => mapped).length,
    longest_spec: Math.max(...next.jobs.map(({ array }) => array?.length ?? 0)),
    characters: retrying.length,
  };
}

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '../../lib/chain/checkpoint.js';
import { conservationViolation } from '../../lib/chain/conservation.js';
import { EMPTY, indexSet, union } from '../../lib/chain/index-set.js';
import { readOutcomes } from '../../lib/chain/outcomes-file.js';
import { TrackerPaths } from '../../lib/chain/paths.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { expand, parseArraySpec } from '../../lib/slurm/array-spec.js';
import { type BenchFolder, report, submit, waitFor } from './cluster.js';

/** The specification's scenario: 10,500 tasks of variable-job.sh over four levels, every 17th meant to fail. */
const TASKS = 10_500;
const FAIL_MOD = 17;

/** How the attempts of an index end, round after round, by its last digit: the table at the top of variable-job.sh. */
const ATTEMPTS: readonly (readonly string[])[] = [
  ...Array.from({ length: 5 }, () => ['COMPLETED']),
  ['TIMEOUT', 'COMPLETED'],
  ['TIMEOUT', 'COMPLETED'],
  ['TIMEOUT', 'TIMEOUT', 'COMPLETED'],
  ['OUT_OF_MEMORY', 'COMPLETED'],
  ['TIMEOUT', 'TIMEOUT', 'TIMEOUT', 'COMPLETED'],
];

export interface LargeScenario {
  name: string;
  /** YAML: four levels, of which an attempt's limits end what the table says. */
  ladder: string;
  /** Seconds after which it is given up. */
  patience: number;
}

/**
 * Runs the scenario and reports its rounds.
 *
 * @returns whether no task was lost and every attempt ended as it must
 */
export async function runLarge(
  bench: BenchFolder,
  { name, ladder, patience }: LargeScenario,
): Promise<boolean> {
  const file = join(bench.folder, 'ladder.yaml');
  writeFileSync(file, ladder);
  const array = ['-a', `0-${TASKS - 1}`, '-e', `FAIL_MOD=${FAIL_MOD}`];
  const script = ['--sbatch', '--output=/dev/null', `${PACKAGE_ROOT}tests/jobs/variable-job.sh`];
  const { chain, seconds } = await submit(bench, ['-c', file, ...array, ...script]);
  const ended = await waitFor(bench, chain, patience, ({ state }) => state !== 'active');
  reportRounds(name, ended);
  const { completed, failed } = endedTasks(ended);
  const expected = indexSet(Array.from({ length: TASKS }, (_, index) => index));
  const violation = conservationViolation(expected, { completed, failed, retrying: EMPTY, unknown: EMPTY });
  const surprises = unexpectedAttempts(bench, chain, ended);
  report(name, {
    state: ended.state,
    submit_seconds: seconds,
    total_seconds: ended.updatedAt - ended.createdAt,
    completed: completed.length,
    failed: failed.length,
    conservation: violation ?? 'holds',
    unexpected_attempts: surprises.length === 0 ? 'none' : `${surprises.length}: ${surprises.slice(0, 5)}`,
    commands_of_ours: JSON.stringify(bench.commands()),
  });
  return violation === null && surprises.length === 0;
}

function reportRounds(name: string, { rounds }: Checkpoint): void {
  for (const { number, jobs, startedAt, result } of rounds) {
    report(`${name} round ${number}`, {
      jobs: jobs.length,
      mapped_jobs: jobs.filter(({ mapped }) => mapped).length,
      tasks: jobs.reduce((sum, { count }) => sum + count, 0),
      longest_spec: Math.max(...jobs.map(({ array }) => array?.length ?? 0)),
      seconds: (result?.finishedAt ?? 0) - startedAt,
      states: JSON.stringify(result?.states),
    });
  }
}

function endedTasks({ rounds }: Checkpoint) {
  const all = (bucket: 'completed' | 'failed') =>
    union(
      rounds.map(({ result }) => {
        const spec = result?.buckets[bucket] ?? '';
        return spec === '' ? EMPTY : indexSet(expand(parseArraySpec(spec)));
      }),
    );
  return { completed: all('completed'), failed: all('failed') };
}

/** `INDEX STATE+STATE` of those that did not end as the table says, attempt by attempt. */
function unexpectedAttempts({ env }: BenchFolder, chain: string, { rounds }: Checkpoint): string[] {
  const paths = new TrackerPaths(env.AFTEROK_TRACKER ?? '').chain(chain);
  const attempts = Array.from({ length: TASKS }, (): string[] => []);
  for (const { number } of rounds) {
    for (const { index, state } of readOutcomes(paths.outcomes(number))) attempts[index]?.push(state);
  }
  return attempts.flatMap((states, index) => {
    const expected = index % FAIL_MOD === 0 ? ['FAILED'] : (ATTEMPTS[index % 10] ?? []);
    return states.join() === expected.join() ? [] : [`${index} ${states.join('+')}`];
  });
}

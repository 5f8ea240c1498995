import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Bench } from './harness.js';

t.jobs = 2;

/** What a round can look like when accounting has lost rows and the controller has purged the job. */
t.test('tasks whose end nobody knows are neither successes nor failures', async (t) => {
  const bench = await Bench.open(t);
  const found = join(bench.folder, 'found');
  const sacct = await bench.wrapper(
    'sacct',
    `[ -e ${found} ] && exec "$REAL" "$@"; "$REAL" "$@" | grep -v _1`,
  );
  const scontrol = await bench.wrapper(
    'scontrol',
    `[[ -e ${found} || $* != *'show job'* ]] && exec "$REAL" "$@"
echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1`,
  );
  const PATH = `${sacct.PATH.split(':')[0]}:${scontrol.PATH}`;
  const chain = await bench.submit({ array: '0-2', plan: { '*': 'ok', 1: 'exit:137 ok' }, env: { PATH } });
  const waiting = await chain.until(
    'another look is queued',
    ({ rounds }) =>
      rounds[0]?.handlers.some(({ trigger, jobId }) => trigger === 'again' && jobId !== null) === true,
  );
  t.equal(waiting.state, 'active');
  t.equal(waiting.rounds[0]?.phase, 'running');
  // Only the handler that looks again.
  await chain.untilLeftovers(1);
  writeFileSync(found, '');
  await chain.waitForEnd('completed');
  t.strictSame(chain.attempts(), {
    0: '0 COMPLETED 0:0',
    1: '0 FAILED 9:0, 1 COMPLETED 0:0',
    2: '0 COMPLETED 0:0',
  });
  await chain.assertSound(t);
});

/** Rows that slurmdbd makes up for what ended while it was away can lack the exit code. */
t.test('a failure without its exit code: the controller has it', async (t) => {
  const bench = await Bench.open(t);
  const env = await bench.wrapper('sacct', `"$REAL" "$@" | sed 's/|9:0|/|0:0|/'`);
  const chain = await bench.submit({ array: '0-1', plan: { 0: 'ok', 1: 'exit:137 ok' }, env });
  await chain.waitForEnd('completed');
  t.strictSame(chain.attempts(), { 0: '0 COMPLETED 0:0', 1: '0 FAILED 9:0, 1 COMPLETED 0:0' });
  await chain.assertSound(t);
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { t } from 'tap';
import { job, Workbench } from './workbench.js';

t.test(
  'Failure handlers: retries with recovery scripts, a script that fails, rules that do not match',
  async (t) => {
    const bench = await Workbench.open(t);
    const flag = bench.path('flag');
    const { id, summary } = await bench.runNew({
      jobs: [
        job('mended', `test -e ${flag} || exit 3`, { failure_handler: 'mend' }),
        job('hopeless', `exit 4`, { failure_handler: 'twice' }),
        job('unmended', `exit 5`, { failure_handler: 'broken' }),
        job('unknown', `exit 6`, { failure_handler: 'mend' }),
      ],
      failure_handlers: [
        {
          name: 'mend',
          rules: [{ exit_codes: [3], recovery_script: `echo $TORC_RETURN_CODE $TORC_ATTEMPT_ID > ${flag}` }],
        },
        { name: 'twice', rules: [{ match_all_exit_codes: true, max_retries: 2 }] },
        { name: 'broken', rules: [{ exit_codes: [5], recovery_script: 'exit 1' }] },
      ],
    });
    t.match(summary, { completed: 1, failed: 3, retried: 3 });
    t.equal(bench.read('flag'), '3 1\n');
    t.match(await bench.results(id, 'mended'), [{ attempt_id: 2, return_code: 0 }]);
    t.match(await bench.results(id, 'hopeless'), [{ attempt_id: 3, return_code: 4 }]);
    t.match(await bench.results(id, 'unmended'), [{ attempt_id: 1, return_code: 5 }]);
    const files = readdirSync(join(bench.outputDir, 'job_stdio')).filter((name) => name.includes('_j2_'));
    t.equal(files.length, 6, 'each attempt has its own files');
  },
);

t.test('Failures that no rule knows wait for a person where the workflow says so', async (t) => {
  const bench = await Workbench.open(t);
  const { id, summary } = await bench.runNew({
    use_pending_failed: true,
    compute_node_wait_for_new_jobs_seconds: 1,
    jobs: [job('one', 'exit 9'), job('two', 'true', { depends_on: ['one'] })],
  });
  t.match(summary, { reason: 'idle', pendingFailed: 1 });
  t.same(await bench.statuses(id), { one: 'pending_failed', two: 'blocked' });
});

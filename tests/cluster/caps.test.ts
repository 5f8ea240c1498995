import t from 'tap';
import type { ChainStatus } from '../../lib/chain/status.js';
import { Bench, LADDER, PLAN_JOB } from './harness.js';

t.jobs = 3;

t.test('a cap on attempts: the lowest indices still run, the others are capped', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-5',
    plan: { '*': 'sleep:2+ok', 1: 'oom ok', 2: 'oom ok', 3: 'oom ok', 4: 'oom ok', 5: 'exit:1' },
    options: ['--max-attempts=8'],
    ladder: `${LADDER}limits: {attempts: 7, core_hours: 100}\n`,
  });
  const { reason, rounds } = await chain.waitForEnd('capped');
  const text = 'the cap on attempts: 6 of 8 used, 2 tasks beyond it are not run again';
  t.equal(reason, text);
  t.same(chain.attempts(), {
    0: '0 COMPLETED 0:0',
    1: '0 OUT_OF_MEMORY 0:125, 1 COMPLETED 0:0',
    2: '0 OUT_OF_MEMORY 0:125, 1 COMPLETED 0:0',
    3: '0 OUT_OF_MEMORY 0:125',
    4: '0 OUT_OF_MEMORY 0:125',
    5: '0 FAILED 1:0',
  });
  t.same(
    rounds
      .flatMap(({ result }) => result?.failures ?? [])
      .map(({ cause, tasks }) => `${tasks} ${cause}`)
      .sort(),
    ['3-4 capped', '5 no_retry'],
  );
  const status = await chain.json<ChainStatus>('--status');
  t.match(status, { state: 'CAPPED', ended: true, needsResume: false, reason: text });
  t.match(status.caps, [
    { cap: 'attempts', used: 8, allowed: 8 },
    { cap: 'coreHours', used: Number, allowed: 100 },
    { cap: 'wallTime', used: Number, allowed: null },
  ]);
  const seconds = [...chain.outcomes().values()]
    .flat()
    .reduce((sum, { elapsed, cpus }) => sum + elapsed * (cpus ?? 0), 0);
  t.equal(status.caps[1]?.used, seconds / 3600);
  t.ok(seconds > 0, 'accounting has told the CPUs');
  t.match((await chain.run('--status')).stdout, /^used: 8 of 8 attempts, 0\.\d+ of 100 core-hours$/m);
  t.match(
    (await chain.run('--report')).stdout,
    /### Limits\n[\s\S]*\| attempts \| 8 \| 8 \|[\s\S]*The chain is capped: the cap on attempts/,
  );
  t.match((await bench.run(['--list'])).stdout, /CAPPED/);
  await chain.assertSound(t);
});

t.test('caps on core-hours and wall time', async (t) => {
  for (const [option, text] of [
    [
      '--max-core-hours=0.0001',
      /^the cap on core-hours: \d\S* of 0\.0001 used, 1 task beyond it is not run again$/,
    ],
    [
      '--max-wall=0:01',
      /^the cap on wall time: 00:00:\d\d of 00:00:01 used, 1 task beyond it is not run again$/,
    ],
  ] as const) {
    const bench = await Bench.open(t);
    const chain = await bench.submit({
      array: '0-1',
      plan: { 0: 'ok', 1: 'sleep:2+oom' },
      options: [option],
    });
    t.match((await chain.waitForEnd('capped')).reason, text);
    await chain.assertSound(t);
  }
});

t.test('--wait fails', async (t) => {
  const bench = await Bench.open(t);
  const options = ['--max-attempts=2'];
  const first = await bench.submit({ array: '0-1', plan: { 0: 'ok', 1: 'oom' }, options });
  await first.waitForEnd('capped');
  const argv = ['-c', 'ladder.yaml', '-a', '0-1', '--wait', '--parsable', ...options, PLAN_JOB];
  const { code, stdout } = await bench.run(argv, {}, first.folder);
  t.equal(code, 1);
  await bench.chain(stdout.trim(), first.folder, '0-1').assertSound(t);
});

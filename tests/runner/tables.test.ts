import { t } from 'tap';
import { decideFailure, parseRules, ruleFor } from '../../lib/runner/failure-rules.js';
import { commandOf } from '../../lib/runner/job-command.js';
import { gpuNames, visibleGpus } from '../../lib/runner/machine.js';
import { monitorSettings } from '../../lib/runner/monitor/config.js';
import { Pace } from '../../lib/runner/pace.js';
import { type Needs, ResourcePool } from '../../lib/runner/resource-pool.js';
import { returnCodeOf } from '../../lib/runner/return-code.js';

const needs = (change: Partial<Needs>): Needs => ({ cpus: 1, memoryBytes: 0, gpus: 0, nodes: 1, ...change });

t.test('The books of a runner', async (t) => {
  const pool = new ResourcePool({ cpus: 4, memoryBytes: 100, gpus: ['0', '1', '2'], nodes: 3 });
  const first = pool.take(needs({ cpus: 2, memoryBytes: 60, gpus: 2 }));
  t.same(first?.gpus, ['0', '1']);
  t.same(pool.free, { cpus: 2, memoryBytes: 40, gpus: 1, nodes: 3 });
  for (const change of [{ cpus: 3 }, { memoryBytes: 41 }, { gpus: 2 }, { nodes: 4 }]) {
    t.equal(pool.take(needs(change)), null, Object.keys(change).join());
  }
  const second = pool.take(needs({ gpus: 1, nodes: 2 }));
  t.same(second?.gpus, ['2']);
  t.same(pool.free, { cpus: 1, memoryBytes: 40, gpus: 0, nodes: 1 });
  if (first !== null) pool.give(first);
  t.same(pool.take(needs({ gpus: 1 }))?.gpus, ['0']);
  if (second !== null) pool.give(second);
  t.same(pool.take(needs({ gpus: 2 }))?.gpus, ['1', '2']);
});

t.test('A job that was given to a runner that is too small runs alone', async (t) => {
  const pool = new ResourcePool({ cpus: 2, memoryBytes: 10, gpus: ['0'], nodes: 1 });
  const small = pool.take(needs({}));
  t.equal(pool.take(needs({ cpus: 5 })), null);
  if (small !== null) pool.give(small);
  const large = pool.take(needs({ cpus: 5, gpus: 2 }));
  t.same(large?.gpus, ['0']);
  t.equal(pool.take(needs({})), null);
  if (large !== null) pool.give(large);
  t.same(pool.free, { cpus: 2, memoryBytes: 10, gpus: 1, nodes: 1 });
});

t.test('Which GPUs there are', async (t) => {
  for (const [value, expected] of [
    [undefined, null],
    ['', []],
    ['-1', []],
    ['0', ['0']],
    ['2, 3', ['2', '3']],
    ['1,-1,2', ['1']],
    ['GPU-8f6d', ['GPU-8f6d']],
  ] as const) {
    t.same(visibleGpus(value), expected);
  }
  t.same(gpuNames(undefined, ['4', '5']), ['4', '5']);
  t.same(gpuNames(1, ['4', '5']), ['4']);
  t.same(gpuNames(3, ['4']), ['4', '1', '2']);
});

t.test('Return codes', async (t) => {
  for (const [code, signal, endedByRunner, expected] of [
    [0, null, false, 0],
    [7, null, false, 7],
    [null, 9, false, 137],
    [null, 11, false, 139],
    [null, 9, true, -9],
    [null, 15, true, -15],
    [0, null, true, 0],
    [143, null, true, 143],
  ] as const) {
    t.equal(returnCodeOf({ code, signal }, endedByRunner), expected);
  }
});

t.test('Rules of failure handlers', async (t) => {
  const rules = [
    { match_all_exit_codes: true, max_retries: 1 },
    { exit_codes: [1, 2], recovery_script: 'mend' },
    { exit_codes: [2] },
  ];
  t.equal(ruleFor(rules, 2), rules[1], 'one that names the code goes before one that takes all');
  t.equal(ruleFor(rules, 3), rules[0]);
  t.equal(ruleFor(rules.slice(1), 3), null);
  t.same(parseRules('no json'), []);
  const failure = { returnCode: 2, attempt: 1, usePendingFailed: false };
  const retry = { kind: 'retry', maxRetries: 3, recoveryScript: 'mend' };
  for (const [change, expected] of [
    [{}, retry],
    [{ attempt: 3 }, retry],
    [{ attempt: 4 }, { kind: 'final', status: 'failed' }],
    [
      { attempt: 4, usePendingFailed: true },
      { kind: 'final', status: 'failed' },
    ],
    [{ returnCode: 9 }, { kind: 'retry', maxRetries: 1, recoveryScript: null }],
  ] as const) {
    t.same(decideFailure(rules, { ...failure, ...change }), expected);
  }
  t.same(decideFailure(null, failure), { kind: 'final', status: 'failed' });
  t.same(decideFailure([], { ...failure, usePendingFailed: true }), {
    kind: 'final',
    status: 'pending_failed',
  });
});

t.test('What is handed to the shell', async (t) => {
  const job = { workflow_id: 1, name: 'x', command: 'python a.py "b c"' };
  t.equal(commandOf(job), job.command);
  t.equal(commandOf({ ...job, invocation_script: ' ' }), job.command);
  t.equal(commandOf({ ...job, invocation_script: './env.sh' }), './env.sh python a.py "b c"');
});

t.test('Settings of the monitor', async (t) => {
  for (const [json, expected] of [
    [undefined, null],
    ['nonsense', null],
    ['null', null],
    ['{"enabled":false}', null],
    ['{}', { keepsSamples: false, interval: 5 }],
    ['{"granularity":"time_series","sample_interval_seconds":2}', { keepsSamples: true, interval: 2 }],
    ['{"sample_interval_seconds":0}', { keepsSamples: false, interval: 5 }],
  ] as const) {
    t.same(monitorSettings(json), expected);
  }
});

t.test('Only very short jobs are claimed ahead', async (t) => {
  const pace = new Pace();
  t.equal(pace.rounds, 0);
  pace.jobEnded(0.002);
  t.equal(pace.rounds, 20);
  for (let n = 0; n < 20; n += 1) pace.jobEnded(0.045);
  t.equal(pace.rounds, 2);
  pace.jobEnded(10);
  t.equal(pace.rounds, 0);
});

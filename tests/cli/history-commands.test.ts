import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import t, { type Test } from 'tap';
import { parseLadder } from '../../lib/chain/ladder-file.js';
import { TrackerPaths } from '../../lib/chain/paths.js';
import { renderHelp } from '../../lib/cli/help.js';
import { ADVISE, DOCTOR, SIMULATE } from '../../lib/cli/mem-escalate/subcommand-specs.js';
import { type FakeSlurm, fakeSlurm } from '../fake-slurm.js';
import { SIMULATED_ID, simulateChain, writeChain } from '../report/simulated-chain.js';

const OTHER_ID = '20251225-000000-next';

/** A tracker with two chains of job.sh: of ten tasks one runs out of memory once, one fails. */
function withHistory(t: Test): FakeSlurm {
  const slurm = fakeSlurm(t);
  const tracker = new TrackerPaths(`${slurm.folder}/tracker`);
  for (const chain of [SIMULATED_ID, OTHER_ID]) {
    const ending = (index: number, round: number) => {
      if (index === 3) return { state: 'FAILED' as const, exit: '1:0' };
      return { state: index === 7 && round === 1 ? ('OUT_OF_MEMORY' as const) : ('COMPLETED' as const) };
    };
    writeChain(tracker, simulateChain({ chain, array: '0-9', ending }));
  }
  return slurm;
}

const run = (slurm: FakeSlurm, ...args: string[]) =>
  slurm.run('bin/mem-escalate', args, { AFTEROK_TRACKER: `${slurm.folder}/tracker` });

t.test('help', async (t) => {
  const slurm = fakeSlurm(t);
  for (const [name, spec] of [
    ['doctor', DOCTOR],
    ['advise', ADVISE],
    ['simulate', SIMULATE],
  ] as const) {
    t.same(await run(slurm, name, '--help'), {
      status: 0,
      signal: null,
      stdout: renderHelp(spec),
      stderr: '',
    });
  }
});

t.test('advise: tables, words, and a ladder file', async (t) => {
  const slurm = withHistory(t);
  const { status, stdout, stderr } = await run(slurm, 'advise', 'job.sh', '-o', 'new.yaml', '--levels', '2');
  t.match({ status, stderr }, { status: 0, stderr: '' });
  t.match(stdout, /^20 tasks of 2 chains: 18 completed, 2 failed by themselves, 0 never ended\n/);
  t.match(stdout, /^present +4 /m);
  t.match(stdout, /^proposed +[12] /m);
  t.match(stdout, /^- Level 0 \(/m);
  t.match(stdout, /Written to new\.yaml/);
  const yaml = readFileSync(`${slurm.folder}/new.yaml`, 'utf8');
  t.match(yaml, /^# Proposed by mem-escalate advise job\.sh, from 18 completed tasks of 2 chains, /);
  const { levels } = parseLadder(yaml, 'new.yaml');
  t.ok(levels.length <= 2);
  t.match(levels.at(-1), { mem: 2 ** 31 }, 'enough for what did not fit into 1G');
});

t.test('advise: JSON, of one chain', async (t) => {
  const slurm = withHistory(t);
  const { stdout } = await run(slurm, 'advise', SIMULATED_ID, '-f', 'json');
  const data = JSON.parse(stdout) as { yaml: string };
  t.match(data, {
    chains: [SIMULATED_ID],
    tasks: 10,
    completed: 9,
    failed: 1,
    memory: { ranOut: 1, lowerBounds: 0, percentiles: { p50: 2 ** 20, p100: 2 ** 31 } },
    time: { percentiles: { p50: 5 } },
    present: { levels: [{ attempts: 10, completed: 8, outOfMemory: 1 }], ends: { completed: 9, failed: 1 } },
    proposed: { ends: { completed: 9 } },
    why: [/^Level 0/],
  });
  t.doesNotThrow(() => parseLadder(data.yaml, 'x'));
});

t.test('simulate: a chain on its own ladder is what really happened', async (t) => {
  const slurm = withHistory(t);
  slurm.write('own.yaml', 'levels:\n  - { mem: 1G, time: 60 }\n  - { mem: 2G, time: 60 }\n');
  const words = ['simulate', '--history', SIMULATED_ID, '-c', 'own.yaml'];
  const { status, stdout, stderr } = await run(slurm, ...words);
  t.match({ status, stderr }, { status: 0, stderr: '' });
  t.match(stdout, /^0: 1G, 01:00:00 +10 +8 +1 +0 +1 +0 /m);
  t.match(stdout, /^1: 2G, 01:00:00 +1 +1 +0 +0 +0 +0 /m);
  t.match(stdout, /^1 would fail and not be run again: 3$/m);
  const row = (name: string) =>
    stdout
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.split(/ {2,}/)
      .slice(1);
  t.same(row('really'), row('in all'));
  const json = JSON.parse((await run(slurm, ...words, '-f', 'json')).stdout) as object;
  t.match(json, {
    levels: [{ level: 0, attempts: 10 }, { attempts: 1 }],
    total: { attempts: 11 },
    ends: { completed: { count: 9, tasks: '0-2,4-9' }, failed: { count: 1, tasks: '3' } },
    really: { attempts: 11, completed: 9 },
    silent: 0,
  });
});

t.test('simulate: a file', async (t) => {
  const slurm = fakeSlurm(t);
  slurm.write('past.csv', 'index,memory,elapsed\n0,512M,30\n1,3G,50\n2,9G,10\n');
  const { stdout } = await run(
    slurm,
    'simulate',
    '--history',
    'past.csv',
    '--config',
    'ladder.yaml',
    '--slots',
    '1',
  );
  t.match(stdout, /^1 would never complete: the highest level is not enough: 2$/m);
  t.match(stdout, /^Time: at least 00:02:30 in 2 rounds, 1 tasks at once$/m);
});

const REFUSED: [name: string, args: string[], status: number, message: RegExp][] = [
  ['no script', ['advise'], 2, /mem-escalate advise needs a name \(mem-escalate advise/],
  ['two scripts', ['advise', 'a', 'b'], 2, /unexpected word "b"/],
  ['a script that never ran', ['advise', 'none.sh'], 1, /no chain in \S+ has run none\.sh/],
  ['a chain that is not there', ['advise', '20251224-053904-none'], 2, /no chain 20251224-053904-none/],
  [
    'a bad share',
    ['advise', 'job.sh', '--headroom', 'much'],
    2,
    /--headroom much: expected a share such as 10%/,
  ],
  ['no levels', ['advise', 'job.sh', '--levels', '0'], 2, /--levels 0: expected a whole number/],
  ['no history', ['simulate', '-c', 'ladder.yaml'], 2, /no --history given/],
  ['no ladder', ['simulate', '--history', 'past.csv'], 2, /no --config given/],
  [
    'a history that is not there',
    ['simulate', '--history', 'past.csv', '-c', 'ladder.yaml'],
    2,
    /cannot read history/,
  ],
  ['an unknown option', ['doctor', '--prob'], 2, /unknown option --prob; did you mean --probe\?/],
  ['a word', ['doctor', 'now'], 2, /unexpected word "now"/],
];

t.test('errors are one line', async (t) => {
  const slurm = withHistory(t);
  for (const [name, args, status, message] of REFUSED) {
    const ran = await run(slurm, ...args);
    t.match(ran, { status, stdout: '' }, name);
    t.match(ran.stderr, /^mem-escalate: error: [^\n]*\n$/, name);
    t.match(ran.stderr, message, name);
  }
});

t.test('too few tasks are no advice', async (t) => {
  const slurm = fakeSlurm(t);
  const ending = (index: number) =>
    index < 3 ? { state: 'COMPLETED' as const } : { state: 'CANCELLED' as const };
  writeChain(new TrackerPaths(`${slurm.folder}/tracker`), simulateChain({ array: '0-9', ending }));
  const { status, stdout, stderr } = await run(slurm, 'advise', 'job.sh');
  t.match({ status, stdout }, { status: 1, stdout: '' });
  t.match(stderr, /error: 3 completed tasks of job\.sh are too few for advice: 5 are needed/);
});

t.test('doctor: one line a check, exit 1 for what is bad', async (t) => {
  const slurm = withHistory(t);
  slurm.append('queue', `201|PENDING|DependencyNeverSatisfied|afterok:${SIMULATED_ID}:r1:h1`);
  const { status, stdout, stderr } = await run(slurm, 'doctor', '-c', 'ladder.yaml');
  t.match({ status, stderr }, { status: 1, stderr: '' });
  t.match(stdout, /^ok +controller /m);
  t.match(stdout, /^ok +MaxArraySize +1001: indices up to 1000 run as they are/m);
  t.match(stdout, /^warn +accounting +none: /m, 'the fake controller shows nothing else');
  t.match(stdout, /^ok +ladder +ladder\.yaml: 2 levels/m);
  t.match(stdout, /^warn +jobs that can never start +201: .* -> scancel 201$/m);
  t.match(stdout, /^\d+ ok, \d+ warn, \d+ bad\n$/m);
  t.same(slurm.accepted, [], 'nothing is submitted');
});

t.test('doctor: JSON, a ladder that does not fit, and no tracker made', async (t) => {
  const slurm = fakeSlurm(t);
  slurm.write(
    'wide.yaml',
    'levels:\n  - { partition: devel, mem: 1G, time: 1 }\n  - { partition: nope, mem: 2G }\n',
  );
  const { stdout } = await run(slurm, 'doctor', '-f', 'json', '-c', 'wide.yaml');
  const data = JSON.parse(stdout) as { healthy: boolean; checks: { check: string }[] };
  t.equal(data.healthy, false);
  t.match(
    data.checks.filter(({ check }) => check === 'ladder'),
    [{ grade: 'bad', found: /^wide\.yaml: level 1 can never run: no partition nope/ }],
  );
  t.notOk(existsSync(`${slurm.folder}/tracker`));
});

t.test('doctor: without Slurm', async (t) => {
  const slurm = fakeSlurm(t);
  mkdirSync(`${slurm.folder}/none`);
  symlinkSync('/bin/bash', `${slurm.folder}/none/bash`);
  const words = ['doctor', '-c', 'ladder.yaml'];
  const { status, stdout } = await slurm.run('bin/mem-escalate', words, {
    PATH: `${slurm.folder}/none`,
    AFTEROK_TRACKER: `${slurm.folder}/tracker`,
  });
  t.equal(status, 1);
  t.match(stdout, /^bad +commands +no sbatch, squeue, sacct, scontrol, scancel, sinfo/m);
  t.match(stdout, /^bad +controller /m);
  t.match(stdout, /^ok +tracker space /m);
});

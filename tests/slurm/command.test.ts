import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { type RunOptions, readerEnv, runSlurm, runSlurmByLine } from '../../lib/slurm/command.js';
import { type FailureKind, SlurmCommandError } from '../../lib/slurm/command-error.js';
import { pauses, retryTransient } from '../../lib/slurm/retry.js';
import { sbatch } from '../../lib/slurm/sbatch.js';
import { scancel } from '../../lib/slurm/scancel.js';
import { scontrolRelease, scontrolShowJob } from '../../lib/slurm/scontrol.js';
import { squeueJobs } from '../../lib/slurm/squeue.js';

fc.configureGlobal({ seed: 20251224 });

/** A PATH on which the named programs are these scripts. */
function programs(t: Test, scripts: Record<string, string>): RunOptions & { folder: string } {
  const folder = t.testdir(
    Object.fromEntries(Object.entries(scripts).map(([name, body]) => [name, `#!/bin/bash\n${body}\n`])),
  );
  for (const name of Object.keys(scripts)) chmodSync(`${folder}/${name}`, 0o755);
  return { env: { PATH: `${folder}:/usr/bin:/bin` }, folder };
}

async function failure(call: Promise<unknown>): Promise<SlurmCommandError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof SlurmCommandError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

/** What Slurm wrote to stderr, its exit code, what it means, and the reason that a person reads. */
const STDERR: [stderr: string, code: number, kind: FailureKind, reason: string | RegExp][] = [
  [
    'slurm_load_jobs error: Invalid job id specified',
    1,
    'refused',
    'slurm_load_jobs error: Invalid job id specified',
  ],
  ['sacct: fatal: Bad job/step specified: abc', 1, 'refused', 'Bad job/step specified: abc'],
  [
    'sbatch: error: Batch job submission failed: Invalid job array specification',
    1,
    'refused',
    'Batch job submission failed: Invalid job array specification',
  ],
  [
    'sbatch: error: Batch script contains DOS line breaks (\\r\\n)\nsbatch: error: instead of expected UNIX line breaks (\\n).',
    1,
    'refused',
    /UNIX line breaks/,
  ],
  // A cluster without accounting (measured): asking again is useless.
  ['Slurm accounting storage is disabled', 1, 'refused', 'Slurm accounting storage is disabled'],
  ["sacct: unrecognized option '--array'", 1, 'refused', "sacct: unrecognized option '--array'"],
  [
    'scancel: error: Kill job error on job id 74: Access/permission denied',
    1,
    'refused',
    'Kill job error on job id 74: Access/permission denied',
  ],
  [
    'slurm_load_jobs error: Unable to contact slurm controller (connect failure)',
    1,
    'unreachable',
    /Unable to contact slurm controller/,
  ],
  [
    'scancel: error: Kill job error on job id 1: Unable to contact slurm controller (connect failure)',
    8,
    'unreachable',
    /Unable to contact/,
  ],
  [
    `sacct: error: slurm_persist_conn_open_without_init: failed to open persistent connection to host:127.0.0.1:16801: Connection refused
sacct: error: Sending PersistInit msg: Connection refused
sacct: error: Problem talking to the database: Connection refused`,
    1,
    'unreachable',
    'Problem talking to the database: Connection refused',
  ],
  [
    `sbatch: error: If munged is up, restart with --num-threads=10
sbatch: error: Munge encode failed: Failed to access "/run/munge/munge.sock": No such file or directory (Did you start munged?)
sbatch: error: slurm_send_node_msg: auth_g_create: REQUEST_SUBMIT_BATCH_JOB has authentication error
sbatch: error: Batch job submission failed: Protocol authentication error`,
    1,
    'unreachable',
    'Batch job submission failed: Protocol authentication error',
  ],
  [
    'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation',
    1,
    'unreachable',
    /Socket timed out/,
  ],
  [
    `sbatch: error: Slurm temporarily unable to accept job, sleeping and retrying
sbatch: error: Batch job submission failed: Resource temporarily unavailable`,
    1,
    'busy',
    'Batch job submission failed: Resource temporarily unavailable',
  ],
  [
    'slurm_update error: Invalid node state specified\nsite: have a nice day',
    1,
    'refused',
    /Invalid node state/,
  ],
  ['', 3, 'refused', 'exit code 3'],
];

t.test('what a failure means', async (t) => {
  const options = programs(t, { squeue: 'cat "$MESSAGE" >&2; exit "$CODE"' });
  for (const [stderr, code, kind, reason] of STDERR) {
    writeFileSync(`${options.folder}/message`, `${stderr}\n`);
    const env = { ...options.env, MESSAGE: `${options.folder}/message`, CODE: String(code) };
    const error = await failure(runSlurm(['squeue', '-h'], { env }));
    t.equal(error.kind, kind, stderr);
    t.match(error.reason, reason);
    t.equal(error.message, `squeue: ${error.reason}`);
    t.equal(error.transient, kind === 'unreachable' || kind === 'busy');
    t.match(error.failure, { argv: ['squeue', '-h'], exitCode: code, timedOut: false });
    t.equal(error.cause, error.failure);
  }
});

t.test('a program that is not there', async (t) => {
  const { env } = programs(t, {});
  const error = await failure(runSlurm(['sbatch-none'], { env }));
  t.match(error, { kind: 'missing', message: 'sbatch-none: not found on PATH', transient: false });
});

t.test('a command that cannot be started says why', async (t) => {
  const options = programs(t, { sbatch: 'true' });
  const gone = await failure(runSlurm(['sbatch'], { ...options, cwd: `${options.folder}/gone` }));
  t.match(gone, {
    kind: 'refused',
    message: `sbatch: failed: working folder ${options.folder}/gone is gone`,
  });
  const long = await failure(runSlurm(['sbatch', 'x'.repeat(140_000)], options));
  t.match(long, { kind: 'refused', message: /E2BIG/ });
  const nul = await failure(runSlurm(['sbatch', 'a\0b'], options));
  t.match(nul, { kind: 'refused', message: /without null bytes/ });
  const many = Array.from({ length: 8 }, () => 'x'.repeat(100_000));
  t.equal(await runSlurm(['sbatch', ...many], options), '', 'together longer than one may be');
});

t.test('a program that hangs is killed, and its effect is unknown', async (t) => {
  const options = programs(t, { sinfo: 'sleep 30 && echo late > "$0.late"' });
  const started = Date.now();
  const error = await failure(runSlurm(['sinfo'], { ...options, timeout: 0.3 }));
  t.ok(Date.now() - started < 10_000, 'long before it ends');
  t.match(error, { kind: 'unreachable', reason: /^no answer within/, failure: { timedOut: true } });
  t.notOk(existsSync(`${options.folder}/sinfo.late`));
});

t.test('stdout comes back alone, in full', async (t) => {
  const options = programs(t, { squeue: 'seq 1 50000; echo noise >&2; cat; pwd' });
  const stdout = await runSlurm(['squeue'], { ...options, cwd: '/usr' });
  t.equal(stdout.length, 288_894 + '/usr\n'.length);
  t.equal(stdout.slice(-11), '50000\n/usr\n');
});

t.test('lines come as they are printed, the last one also without its end', async (t) => {
  const options = programs(t, { sacct: 'seq 1 50000; printf "größe"; echo noise >&2; exit "$CODE"' });
  const run = async (CODE: string) => {
    const lines: string[] = [];
    const ended = runSlurmByLine(['sacct'], { env: { ...options.env, CODE } }, (line) => lines.push(line));
    return { lines, ended };
  };
  const whole = await run('0');
  await whole.ended;
  t.equal(whole.lines.length, 50_001);
  t.same(whole.lines.slice(-2), ['50000', 'größe']);
  t.match(await failure((await run('1')).ended), { kind: 'refused', message: 'sacct: noise' });
  const defect = new TypeError('defect');
  const thrown = runSlurmByLine(['sacct'], { env: { ...options.env, CODE: '0' } }, () => {
    throw defect;
  });
  await t.rejects(thrown, defect);
});

const ECHO = `printf '%s\\0' "$@"`;

t.test('arguments arrive as they were given', async (t) => {
  const options = programs(t, { sbatch: ECHO });
  const echo = async (words: string[]) =>
    (await runSlurm(['sbatch', ...words], options)).split('\0').slice(0, -1);
  const hostile = [
    'two words',
    '',
    "it's",
    '"double"',
    'line\nline\n',
    '\ttab\r',
    '$(touch x) `touch y` $HOME',
    'größe 文字 🧪',
    '*',
    '~',
    '!!',
    '-n',
    '--',
    '\\',
    "\\'",
    '\x01\x1b[31m\x7f',
    '; exit 3',
    '--comment=a b',
    'x'.repeat(60_000),
  ];
  t.same(await echo(hostile), hostile);
  const word = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !text.includes('\0'));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 8 }), async (words) => {
      t.same(await echo(words), words);
    }),
    { numRuns: 15 },
  );
});

t.test('readers see no settings of the person or of an enclosing job', async (t) => {
  const env = readerEnv({
    PATH: '/bin',
    SQUEUE_FORMAT: '%i',
    SACCT_FORMAT: 'JobID',
    SINFO_PARTITION: 'x',
    SCANCEL_INTERACTIVE: '1',
    SLURM_TIME_FORMAT: 'relative',
    SLURM_CONF: '/etc/slurm.conf',
  });
  t.same(env, {
    PATH: '/bin',
    SLURM_CONF: '/etc/slurm.conf',
    SLURM_BITSTR_LEN: '0',
    SLURM_TIME_FORMAT: '%s',
    LC_ALL: 'C.UTF-8',
  });
});

t.test('sbatch: an answer without an id may be a job all the same', async (t) => {
  const { env } = programs(t, {
    sbatch: '[ "$2" = ok ] && echo "banner"; [ "$2" = ok ] && echo 105; exit 0',
  });
  t.equal(await sbatch(['ok'], { env }), '105');
  const error = await failure(sbatch(['silent'], { env }));
  t.equal(error.kind, 'unreachable');
});

t.test('jobs that Slurm has forgotten are no failure', async (t) => {
  const forgotten = 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1';
  const { env } = programs(t, { squeue: forgotten, scontrol: forgotten });
  t.same(await squeueJobs(['999999'], env), []);
  t.same(await scontrolShowJob('999999', env), []);
});

t.test('nothing is called for no jobs', async (t) => {
  const env = { PATH: t.testdir({}) };
  await scancel([], env);
  await scontrolRelease([], env);
  t.same(await squeueJobs([], env), []);
});

const BUSY = new SlurmCommandError({
  argv: ['sbatch'],
  exitCode: 1,
  stderr: 'Resource temporarily unavailable',
  duration: 0,
  timedOut: false,
});
const REFUSED = new SlurmCommandError({
  argv: ['sbatch'],
  exitCode: 1,
  stderr: 'no',
  duration: 0,
  timedOut: false,
});

/** An attempt that fails so often before it succeeds. */
function failing(times: number, error: Error = BUSY) {
  const calls: number[] = [];
  return {
    calls,
    attempt: async () => {
      calls.push(Date.now());
      if (calls.length <= times) throw error;
      return 'done';
    },
  };
}

t.test('pauses double up to the cap, drawn from their upper half', async (t) => {
  const take = (random: number) => {
    const drawn = pauses({ first: 1, cap: 5, total: 100 }, () => random);
    return Array.from({ length: 5 }, () => drawn.next().value);
  };
  t.same(take(1), [1, 2, 4, 5, 5]);
  t.same(take(0), [0.5, 1, 2, 2.5, 2.5]);
});

t.test('what is transient is tried again', async (t) => {
  const { calls, attempt } = failing(3);
  const seen: string[] = [];
  const result = await retryTransient(
    attempt,
    { first: 0.02, cap: 0.04, total: 5 },
    (error) => void seen.push(error.kind),
  );
  t.equal(result, 'done');
  t.same(seen, ['busy', 'busy', 'busy']);
  t.ok((calls[3] ?? 0) - (calls[0] ?? 0) >= 48, 'at least half of 20 + 40 + 40 ms');
});

t.test('what is refused is not, nor is a defect', async (t) => {
  for (const error of [REFUSED, new TypeError('defect')]) {
    const { calls, attempt } = failing(1, error);
    await t.rejects(retryTransient(attempt, { first: 0.01, cap: 0.01, total: 1 }), error);
    t.equal(calls.length, 1);
  }
});

t.test('patience ends, with the last error', async (t) => {
  const { calls, attempt } = failing(Number.POSITIVE_INFINITY);
  const started = Date.now();
  await t.rejects(retryTransient(attempt, { first: 0.02, cap: 0.02, total: 0.1 }), BUSY);
  t.ok(calls.length >= 2, 'several attempts');
  t.ok(Date.now() - started < 5000);
});

t.test('what is thrown before a pause ends the retrying', async (t) => {
  const { calls, attempt } = failing(5);
  const found = new Error('found');
  const look = async () => {
    await sleep(1);
    throw found;
  };
  await t.rejects(retryTransient(attempt, { first: 0.01, cap: 0.01, total: 1 }, look), found);
  t.equal(calls.length, 1);
});

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { MEM_ESCALATE, median, report } from './cluster.js';

/** Start-up of help and completions against `node -e 0`, in turn, so that the machine's drift touches all. */
const ROUNDS = 20;

const TORC = join(PACKAGE_ROOT, 'dist/bin/torc.js');

const MEASURED = {
  'mem-escalate --help': [MEM_ESCALATE, '--help'],
  'torc --help': [TORC, '--help'],
  'torc --version': [TORC, '--version'],
  'torc workflows --help': [TORC, 'workflows', '--help'],
  'torc completions bash': [TORC, 'completions', 'bash'],
};

function seconds(args: readonly string[]): number {
  const started = process.hrtime.bigint();
  execFileSync(process.execPath, [...args], { stdio: 'ignore' });
  return Number(process.hrtime.bigint() - started) / 1e9;
}

const rounds = Array.from({ length: ROUNDS }, () => ({
  bare: seconds(['-e', '0']),
  others: Object.values(MEASURED).map((args) => seconds(args)),
}));
for (const [at, command] of Object.keys(MEASURED).entries()) {
  const pairs = rounds.map(({ bare, others }) => ({ bare, taken: others[at] ?? Number.NaN }));
  report('startup', {
    command,
    node: median(pairs.map(({ bare }) => bare)),
    seconds: median(pairs.map(({ taken }) => taken)),
    ratio: median(pairs.map(({ bare, taken }) => taken / bare)),
    allowed: 2.5,
  });
}

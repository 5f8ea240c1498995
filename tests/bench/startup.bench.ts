import { execFileSync } from 'node:child_process';
import { MEM_ESCALATE, median, report } from './cluster.js';

/** Start-up of `mem-escalate --help` against `node -e 0`, in turn, so that the machine's drift touches both. */
const ROUNDS = 20;

function seconds(args: readonly string[]): number {
  const started = process.hrtime.bigint();
  execFileSync(process.execPath, [...args], { stdio: 'ignore' });
  return Number(process.hrtime.bigint() - started) / 1e9;
}

const pairs = Array.from({ length: ROUNDS }, () => ({
  bare: seconds(['-e', '0']),
  help: seconds([MEM_ESCALATE, '--help']),
}));
report('startup', {
  node: median(pairs.map(({ bare }) => bare)),
  help: median(pairs.map(({ help }) => help)),
  ratio: median(pairs.map(({ bare, help }) => help / bare)),
  allowed: 2.5,
});

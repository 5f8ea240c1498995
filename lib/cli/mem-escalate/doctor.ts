import { examine } from '../../chain/doctor/doctor.js';
import type { Finding, Grade } from '../../chain/doctor/finding.js';
import { readLadderFile } from '../../chain/ladder-file.js';
import { type Display, displayOf } from '../live-screen.js';
import { ladderFile } from './ladder-choice.js';
import { painter, printable } from './list-view.js';
import { subcommandArguments } from './subcommand.js';
import { DOCTOR } from './subcommand-specs.js';
import { trackerOf } from './tracker.js';

/** Seconds that the probe's job may take. */
const PATIENCE = 120;

/** Examines the site; exit code 1 if anything is bad. */
export async function runDoctor(argv: string[]): Promise<number> {
  const args = subcommandArguments(DOCTOR, argv, 0);
  if (args === null) return 0;
  const patience = args.integer('patience', 1) ?? PATIENCE;
  const findings = await examine({
    tracker: trackerOf(args),
    ladder: readLadderFile(ladderFile(args)),
    env: process.env,
    probe: args.has('probe') ? patience : null,
  });
  const healthy = findings.every(({ grade }) => grade !== 'bad');
  process.stdout.write(
    args.text('format') === 'json'
      ? `${JSON.stringify({ healthy, checks: findings })}\n`
      : renderFindings(findings, displayOf(process.stdout, process.env)),
  );
  return healthy ? 0 : 1;
}

/** One line a check, then how many of each grade. */
export function renderFindings(findings: readonly Finding[], display: Pick<Display, 'colour'>): string {
  const chalk = painter(display);
  const paint: Record<Grade, (text: string) => string> = {
    ok: chalk.green,
    warn: chalk.yellow,
    bad: chalk.red,
  };
  const widest = findings.reduce((width, { check }) => Math.max(width, check.length), 0);
  const lines = findings.map(({ check, grade, found, meaning, advice }) => {
    const todo = advice === null ? '' : ` -> ${advice}`;
    return `${paint[grade](grade.padEnd(4))}  ${check.padEnd(widest)}  ${printable(`${found}: ${meaning}${todo}`)}`;
  });
  const count = (grade: Grade) => findings.filter((finding) => finding.grade === grade).length;
  return `${lines.join('\n')}\n${count('ok')} ok, ${count('warn')} warn, ${count('bad')} bad\n`;
}

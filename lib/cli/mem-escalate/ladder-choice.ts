import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { inReach, rungsOf, topOf } from '../../chain/axes.js';
import type { Ladder } from '../../chain/ladder.js';
import { AfterokError } from '../../errors.js';
import { FormatError } from '../../format-error.js';
import { PACKAGE_ROOT } from '../../package-root.js';
import { parseMemory } from '../../slurm/memory-size.js';
import type { ParsedArguments } from '../parse.js';

/** The ladder file of this command; the order is in the help under Files. */
export function ladderFile(args: ParsedArguments, env: NodeJS.ProcessEnv = process.env): string {
  const named = args.text('config') ?? env.AFTEROK_CONFIG ?? null;
  if (named !== null) return named;
  const config = env.XDG_CONFIG_HOME ?? join(homedir(), '.config');
  const found = [
    resolve('escalation-config.yaml'),
    resolve('escalation-target.yaml'),
    join(config, 'afterok', 'escalation-config.yaml'),
  ].find((file) => existsSync(file));
  return found ?? `${PACKAGE_ROOT}config/ladders/escalation-target.yaml`;
}

/** From where to where a chain climbs. */
export function levelRange(args: ParsedArguments, ladder: Ladder): { startLevel: number; maxLevel: number } {
  const { axes } = ladder;
  const top = topOf(ladder);
  // --max-level caps the ladder, or each of its axes; it cannot lengthen it.
  const maxLevel = Math.min(args.integer('max-level', 0) ?? top, top);
  const startLevel = startLevelOf(args.text('start-mem'), ladder);
  if (!inReach(axes, { startLevel, maxLevel }, startLevel)) {
    const start = axes === null ? startLevel : rungsOf(axes, startLevel).mem;
    throw new AfterokError(
      'bad-option',
      `--start-mem starts at level ${start}, above --max-level ${maxLevel}`,
    );
  }
  return { startLevel, maxLevel };
}

/** The lowest level with that memory; a value that is not in the ladder starts at level 0, as the specification says. */
function startLevelOf(text: string | null, ladder: Ladder): number {
  if (text === null) return 0;
  try {
    const { bytes } = parseMemory(text);
    const level = ladder.levels.findIndex(({ mem }) => mem === bytes);
    if (level === -1)
      process.stderr.write(`mem-escalate: warning: no level has ${text}, starting at level 0\n`);
    return Math.max(level, 0);
  } catch (error) {
    if (error instanceof FormatError)
      throw new AfterokError('bad-option', `--start-mem: ${error.message}`, null, { cause: error });
    throw error;
  }
}

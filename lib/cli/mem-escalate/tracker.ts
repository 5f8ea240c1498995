import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { CHAIN_ID, type ChainPaths, TrackerPaths } from '../../chain/paths.js';
import { AfterokError } from '../../errors.js';
import type { ParsedArguments } from '../parse.js';

/** The tracker folder of this command: --tracker, else AFTEROK_TRACKER, else a folder of the person's state. */
export function trackerOf(args: ParsedArguments, env: NodeJS.ProcessEnv = process.env): TrackerPaths {
  const state = env.XDG_STATE_HOME ?? join(homedir(), '.local', 'state');
  return new TrackerPaths(resolve(args.text('tracker') ?? env.AFTEROK_TRACKER ?? join(state, 'afterok')));
}

/** The chain that an option names. */
export function chainOf(args: ParsedArguments, option: string): ChainPaths {
  const id = args.text(option) ?? '';
  if (CHAIN_ID.test(id)) return trackerOf(args).chain(id);
  throw new AfterokError(
    'unknown-chain',
    `--${option} ${JSON.stringify(id)}: expected a chain id such as 20251224-053904-t0l3`,
    'mem-escalate --list shows the chains',
  );
}

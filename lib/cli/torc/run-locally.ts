import { AfterokError } from '../../errors.js';
import type { RunOptions } from './run-options.js';
import type { Session } from './session.js';

/** Runs a workflow in this process until it has ended. The one place from which the runner is started. */
export async function runLocally(
  _session: Session,
  id: number,
  _options: RunOptions,
): Promise<{ failed: number }> {
  throw new AfterokError('not-initializable', `workflow ${id} is ready, but nothing here can run it yet`);
}

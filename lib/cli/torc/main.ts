import { API_VERSION } from '../../wire/version.js';
import { runProgram } from '../tree/run.js';
import type { GlobalValues } from './globals.js';
import { TORC } from './program.js';
import { Session } from './session.js';

/** torc: runs the command that the words name. */
export async function torc(argv: string[]): Promise<number> {
  return await runProgram(TORC, argv, {
    version: API_VERSION,
    open: (globals) => new Session(globals as unknown as GlobalValues, TORC),
    close: (session) => session.close(),
  });
}

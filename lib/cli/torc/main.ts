import { API_VERSION } from '../../wire/version.js';
import { runProgram } from '../tree/run.js';
import type { GlobalValues } from './globals.js';
import { TORC } from './program.js';

/** torc: runs the command that the words name. */
export async function torc(argv: string[]): Promise<number> {
  return await runProgram(TORC, argv, {
    version: API_VERSION,
    open: async (globals) => {
      const { Session } = await import('./session.js');
      return new Session(globals as unknown as GlobalValues);
    },
    close: (session) => session.close(),
  });
}

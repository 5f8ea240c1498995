import type { Session } from '../session.js';

/** Prints as the command line asks for, whatever the configuration says: it may be what is broken. */
export function printResult(session: Session, result: unknown, render: () => string): void {
  const isJson = session.globals.format === 'json';
  process.stdout.write(isJson ? `${JSON.stringify(result, null, 2)}\n` : render());
}

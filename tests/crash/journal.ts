import { existsSync, readFileSync } from 'node:fs';

/** What jobs say of themselves, and runners of what the server has acknowledged, in the order in which it happened. */
export type Entry =
  | { what: 'start' | 'end'; name: string; attempt: number }
  | { what: 'committed'; name: string; attempt: number; status: string; returnCode: number };

export function readJournal(path: string): Entry[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => {
    const [what, name = '', attempt, status = '', returnCode] = line.split(' ');
    if (what === 'start' || what === 'end') return { what, name, attempt: Number(attempt) };
    if (what !== 'committed') throw new Error(`no entry of a journal: ${line}`);
    return { what, name, attempt: Number(attempt), status, returnCode: Number(returnCode) };
  });
}

import { AfterokError } from '../errors.js';

/** The person at the other end: there is one when standard input is a terminal. */
export const terminal = {
  get isThere(): boolean {
    return process.stdin.isTTY === true;
  },
  /** Asks on stderr, so that stdout stays data. @throws AfterokError when the answer never comes */
  ask: (question: string): Promise<string> => readLine(question, process.stderr),
  /** Asks without showing what is typed; takes a line of a standard input that is no terminal as it comes. */
  async askSecret(question: string): Promise<string> {
    if (!terminal.isThere) return await readLine('', process.stderr);
    process.stderr.write(question);
    const { Writable } = await import('node:stream');
    const silent = new Writable({ write: (_part, _encoding, done) => done() });
    const answer = await readLine('', silent);
    process.stderr.write('\n');
    return answer;
  },
  /** True for an answer that begins with y. */
  async confirms(question: string): Promise<boolean> {
    return /^y/i.test((await terminal.ask(`${question} [y/N] `)).trim());
  },
};

async function readLine(question: string, output: NodeJS.WritableStream): Promise<string> {
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output, terminal: terminal.isThere });
  return await new Promise((resolve, reject) => {
    lines.on('close', () => reject(new AfterokError('declined', 'no answer was given')));
    // A last line without a line end comes this way.
    lines.once('line', resolve);
    lines.on('SIGINT', () => lines.close());
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}

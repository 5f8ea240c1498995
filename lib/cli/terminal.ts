import type { Interface } from 'node:readline';
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
    try {
      return await readLine('', silent);
    } finally {
      process.stderr.write('\n');
    }
  },
  /** True for an answer that begins with y. */
  async confirms(question: string): Promise<boolean> {
    return /^y/i.test((await terminal.ask(`${question} [y/N] `)).trim());
  },
};

/** Lines that came together with the answer to an earlier question: typed ahead, or pasted. */
const ahead: string[] = [];

async function readLine(question: string, output: NodeJS.WritableStream): Promise<string> {
  const typed = ahead.shift();
  if (typed !== undefined) {
    output.write(`${question}\n`);
    return typed;
  }
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output, terminal: terminal.isThere });
  try {
    return await answerOf(lines, question);
  } catch (error) {
    // What is said next begins a line of its own.
    if (terminal.isThere) output.write('\n');
    throw error;
  }
}

function answerOf(lines: Interface, question: string): Promise<string> {
  return new Promise((resolve, reject) => {
    lines.on('close', () => reject(new AfterokError('declined', 'no answer was given')));
    // A last line without a line end comes this way.
    lines.once('line', resolve);
    lines.on('SIGINT', () => {
      reject(new AfterokError('interrupted', 'interrupted'));
      lines.close();
    });
    lines.question(question, (answer) => {
      resolve(answer);
      lines.on('line', (line) => ahead.push(line));
      // The lines that came with this one are told in the same turn.
      setImmediate(() => lines.close());
    });
  });
}

import { createInterface } from 'node:readline';
import { AfterokError } from '../errors.js';

const INTERRUPTED = '\u0003';
const END_OF_INPUT = '\u0004';
const ERASE = ['\u007f', '\b'];

/** Whether there is a person to ask. */
export function canPrompt(): boolean {
  return process.stdin.isTTY === true;
}

/**
 * Asks on the terminal, which shows nothing of what is typed. The question goes to stderr.
 *
 * @throws AfterokError when there is no terminal, or the person gives up (Ctrl-C, Ctrl-D)
 */
export async function promptPassword(question: string): Promise<string> {
  if (!canPrompt())
    throw new AfterokError('bad-option', 'there is no terminal to ask for the password', 'set TORC_PASSWORD');
  process.stderr.write(question);
  const { stdin } = process;
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  try {
    return await typedLine(stdin);
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    process.stderr.write('\n');
  }
}

function typedLine(stdin: NodeJS.ReadStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed = '';
    const end = (settle: () => void) => {
      stdin.off('data', onData);
      settle();
    };
    const onData = (chunk: Buffer | string) => {
      for (const key of String(chunk)) {
        if (key === '\r' || key === '\n') return end(() => resolve(typed));
        if (key === INTERRUPTED || (key === END_OF_INPUT && typed === ''))
          return end(() => reject(new AfterokError('interrupted', 'no password was given')));
        typed = ERASE.includes(key) ? [...typed].slice(0, -1).join('') : typed + key;
      }
    };
    stdin.on('data', onData);
    stdin.resume();
  });
}

/** The first line of a standard input that is no terminal; null when it is empty. */
export async function pipedPassword(): Promise<string | null> {
  const lines = createInterface({ input: process.stdin });
  for await (const line of lines) {
    lines.close();
    return line;
  }
  return null;
}

import { accessSync, constants, readFileSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join, resolve } from 'node:path';
import { FormatError } from '../../format-error.js';
import { readBatchScript } from '../../slurm/batch-script.js';
import { UsageRefusal } from '../refusal.js';
import type { CommandContext } from './command.js';

/** A batch script as it is submitted. */
export interface SubmittedScript {
  content: Buffer;
  /** What the job is called when nobody says. */
  name: string;
  /** Absolute path; null for --wrap and standard input. */
  path: string | null;
  /** The words of its #SBATCH lines. */
  directives: string[];
}

/**
 * Finds, reads and checks what sbatch is to submit: `--wrap`, the script named on the command line, or standard input.
 *
 * @throws UsageRefusal in sbatch's words
 */
export function readScript(
  word: string | undefined,
  wrap: string | null,
  { cwd, env, readInput }: Pick<CommandContext, 'cwd' | 'env' | 'readInput'>,
): SubmittedScript {
  if (wrap !== null) {
    if (word !== undefined)
      throw new UsageRefusal(['error: Script arguments not permitted with --wrap option'], 1);
    const content = `#!/bin/sh\n# This script was created by sbatch --wrap.\n\n${wrap}\n`;
    return { content: Buffer.from(content), name: 'wrap', path: null, directives: [] };
  }
  if (word === undefined) return checked(readInput(), 'sbatch', null);
  const path = findScript(word, cwd, env);
  return checked(readFile(path, word), basename(word), path);
}

/** As sbatch looks for it: in the working folder, then along PATH. */
function findScript(word: string, cwd: string, env: NodeJS.ProcessEnv): string {
  const here = resolve(cwd, word);
  if (isAbsolute(word) || word.includes('/') || readable(here)) return here;
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, word)).find(readable) ?? here;
}

function readable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function readFile(path: string, word: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new UsageRefusal([`error: Unable to open file ${word}`]);
  }
}

function checked(content: Buffer, name: string, path: string | null): SubmittedScript {
  const text = content.toString('latin1');
  const refusal = refusalOf(text);
  if (refusal !== null) throw new UsageRefusal(refusal.map((line) => `error: ${line}`));
  try {
    // Directives are ASCII but for the values that people write in UTF-8.
    const { directives } = readBatchScript(content.toString('utf8'));
    return { content, name, path, directives: directives.flatMap(({ tokens }) => tokens) };
  } catch (error) {
    if (error instanceof FormatError) throw new UsageRefusal([`error: ${error.message}`]);
    throw error;
  }
}

/** What sbatch 22.05 says of contents that it does not take. */
function refusalOf(text: string): string[] | null {
  if (text === '') return ['Batch script is empty!'];
  if (text.trim() === '') return ['Batch script contains only whitespace!'];
  if (!text.startsWith('#!')) {
    return [
      'This does not look like a batch script.  The first',
      'line must start with #! followed by the path to an interpreter.',
      'For instance: #!/bin/sh',
    ];
  }
  if (text.includes('\0'))
    return ['The Slurm controller does not allow scripts that', "contain a NULL character '\\0'."];
  if (text.includes('\r\n'))
    return ['Batch script contains DOS line breaks (\\r\\n)', 'instead of expected UNIX line breaks (\\n).'];
  return null;
}

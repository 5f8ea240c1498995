import { AfterokError } from '../../errors.js';
import { compress } from '../../slurm/array-cover.js';
import { type ArraySpec, ArraySpecError, expand, parseArraySpec } from '../../slurm/array-spec.js';

/** Prints the shortest --array spec of the indices in the arguments or, without any, on standard input. */
export async function runCompress(argv: string[]): Promise<number> {
  const text = argv.length > 0 ? argv.join(' ') : await standardInput();
  const words = text.split(/[\s,]+/).filter(Boolean);
  console.log(asArrayError(() => compress(indicesOf(words))));
  return 0;
}

/** Plain indices, and specs too: `0-9:3` stands for four of them. */
function* indicesOf(words: readonly string[]): Generator<number> {
  for (const word of words) {
    if (/^\d{1,10}$/.test(word)) yield Number(word);
    else yield* expand(parse(word));
  }
}

export function parse(spec: string): ArraySpec {
  return asArrayError(() => parseArraySpec(spec));
}

function asArrayError<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ArraySpecError)) throw error;
    throw new AfterokError('bad-array', error.message, null, { cause: error });
  }
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

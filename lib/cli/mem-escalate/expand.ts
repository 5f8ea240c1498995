import { once } from 'node:events';
import { AfterokError } from '../../errors.js';
import { expand } from '../../slurm/array-spec.js';
import { parse } from './compress.js';

/** Lines written at once: one write a line would be slow, all at once large. */
const BLOCK = 10_000;

/** Prints the indices of an --array spec, one a line. */
export async function runExpand(argv: string[]): Promise<number> {
  const [spec, ...rest] = argv;
  if (spec === undefined || rest.length > 0)
    throw new AfterokError('bad-option', 'expected one spec: mem-escalate expand 0-9:3');
  let block = '';
  let lines = 0;
  for (const index of expand(parse(spec))) {
    block += `${index}\n`;
    lines += 1;
    if (lines % BLOCK !== 0) continue;
    if (!process.stdout.write(block)) await once(process.stdout, 'drain');
    block = '';
  }
  process.stdout.write(block);
  return 0;
}

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AfterokError } from '../errors.js';

/**
 * The nodes of a person's `--exclude`, as a list that others can be added to. A value with a slash is a file of names
 * (sbatch manual, --exclude): it is read now, since a list cannot name it.
 *
 * @returns null when nothing is excluded
 * @throws AfterokError when there is no such file
 */
export function excludedByPerson(value: string | null, cwd: string): string | null {
  if (value === null || value === '') return null;
  return value.includes('/') ? nodesIn(resolve(cwd, value)) : value;
}

function nodesIn(file: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new AfterokError(
      'bad-option',
      `--exclude: cannot read ${file}: ${(error as Error).message}`,
      null,
      {
        cause: error,
      },
    );
  }
  const nodes = text
    .replace(/#.*/g, '')
    .split(/[\s,]+(?![^[]*\])/)
    .filter(Boolean);
  return nodes.length === 0 ? null : nodes.join(',');
}

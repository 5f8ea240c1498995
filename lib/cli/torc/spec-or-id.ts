import { statSync } from 'node:fs';
import { usage } from '../tree/option.js';

/** A specification to make a workflow of, or a workflow that is there. */
export type SpecOrId = { kind: 'spec'; file: string } | { kind: 'id'; id: number };

/**
 * What a word means: a file when it looks like one of a specification or there is one of this name, else an id.
 *
 * @throws AfterokError for what is neither
 */
export function specOrId(word: string): SpecOrId {
  if (/\.(ya?ml|json5?|kdl)$/i.test(word) || isFile(word)) return { kind: 'spec', file: word };
  if (/^\d{1,15}$/.test(word)) return { kind: 'id', id: Number(word) };
  throw usage(`${word} is neither a file nor the id of a workflow`);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

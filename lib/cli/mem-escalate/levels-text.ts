import { resourcesName } from '../../chain/level-name.js';
import type { ChainStatus } from '../../chain/status.js';

/** The levels of a round by number; of axes by their resources. */
export function levelsText({ levels }: Pick<ChainStatus, 'levels'>, numbers: readonly number[]): string {
  const rows = numbers.map((number) => levels.find(({ level }) => level === number));
  if (rows.every((row) => row === undefined || row.rungs === null)) return numbers.join(',');
  return idList(rows.flatMap((row) => (row === undefined ? [] : resourcesName(row))));
}

/** The first, and how many there are besides. */
export function idList([first = '-', ...more]: readonly string[]): string {
  return more.length === 0 ? first : `${first} +${more.length}`;
}

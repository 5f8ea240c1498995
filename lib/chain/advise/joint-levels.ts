import { AfterokError } from '../../errors.js';
import type { Ladder } from '../ladder.js';

/**
 * Simulation and advice climb from one level to the next.
 *
 * @throws AfterokError for a ladder of axes
 */
export function requireJointLevels({ file, axes }: Pick<Ladder, 'file' | 'axes'>): void {
  if (axes === null) return;
  throw new AfterokError('bad-ladder', `${file}: advise and simulate know joint levels only, not axes`);
}

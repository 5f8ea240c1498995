import { printable } from '../../printable.js';

/** More jobs than this are counted, not named. */
const NAMED = 3;

/** What has to happen, in the words of a person; for no jobs the start. */
export function triggerText(waitsFor: readonly string[]): string {
  if (waitsFor.length === 0) return 'Workflow Start';
  if (waitsFor.length > NAMED) return `When ${waitsFor.length} jobs complete`;
  const names = waitsFor.map((name) => `'${printable(name)}'`).join(', ');
  return waitsFor.length === 1 ? `When job ${names} completes` : `When jobs ${names} complete`;
}

/** The candidate that takes the fewest edits from the word: for "did you mean". */
export function nearest(word: string, candidates: readonly string[]): string {
  const ranked = candidates.map((name) => ({ name, distance: editDistance(word, name) }));
  return ranked.reduce((best, next) => (next.distance < best.distance ? next : best), {
    name: '',
    distance: Infinity,
  }).name;
}

/** Levenshtein's distance, row by row. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const substituted = (row[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1);
      next.push(Math.min(substituted, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** More candidates are not looked through: a wrong name among very many would take longer than the rest of the work. */
const MOST_CANDIDATES = 2000;

/** The candidate that differs in a few letters; null where there is none. */
export function near(word: string, candidates: readonly string[]): string | null {
  if (candidates.length > MOST_CANDIDATES) return null;
  const candidate = nearest(word, candidates);
  const most = Math.min(Math.max(2, word.length / 3), word.length - 1);
  return candidate === '' || editDistance(word, candidate) > most ? null : candidate;
}

/** `; did you mean "x"?` for such a candidate, and nothing where there is none. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const candidate = near(word, candidates);
  return candidate === null ? '' : `; did you mean ${JSON.stringify(candidate)}?`;
}

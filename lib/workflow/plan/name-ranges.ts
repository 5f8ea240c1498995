/** Fewer neighbours than this are listed one by one. */
const SHORTEST_RANGE = 3;

/** Numbers of a name that may become ranges, counted from its end; a name of many numbers is a date or a hash. */
const MOST_RANGES = 4;

/** Digits beyond which a number is no longer counted with. */
const LONGEST_NUMBER = 15;

/** A name cut at its numbers, which are the parts at odd places. */
type Parts = string[];

/**
 * Names with runs of numbers folded as a shell would unfold them: `work_{1..5}`, `run_{001..100}_{1..3}`. For names in
 * the order of `inNameOrder`, and for reading only: a name may itself contain braces.
 */
export function foldNames(names: readonly string[]): string[] {
  let folded: Parts[] = names.map((name) => name.split(/(\d+)/));
  for (let fromEnd = 1; fromEnd <= MOST_RANGES; fromEnd += 1) folded = foldAt(folded, fromEnd);
  return folded.map((parts) => parts.join(''));
}

function foldAt(names: readonly Parts[], fromEnd: number): Parts[] {
  const groups = new Map<string, Parts[]>();
  for (const parts of names) {
    const key = keyWithout(parts, parts.length - 2 * fromEnd);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [parts]);
    else group.push(parts);
  }
  return [...groups.values()].flatMap((group) => foldGroup(group, fromEnd));
}

/** What names have in common that differ in one number only. Lengths are in it, so that no two cuts read the same. */
function keyWithout(parts: Parts, place: number): string {
  return parts.map((part, other) => (other === place ? '#' : `${part.length}:${part}`)).join('');
}

function foldGroup(group: readonly Parts[], fromEnd: number): Parts[] {
  if (group.length < SHORTEST_RANGE) return [...group];
  const place = (group[0]?.length ?? 0) - 2 * fromEnd;
  const runs: Parts[][] = [];
  for (const parts of group) {
    const run = runs.at(-1);
    if (run !== undefined && continues(run.at(0)?.[place], run.at(-1)?.[place], parts[place]))
      run.push(parts);
    else runs.push([parts]);
  }
  return runs.flatMap((run) => (run.length < SHORTEST_RANGE ? run : [rangeOf(run, place)]));
}

/** Whether `{first..next}` unfolds to what `{first..last}` does and `next`. */
function continues(first: string | undefined, last: string | undefined, next: string | undefined): boolean {
  if (first === undefined || last === undefined || next === undefined) return false;
  if (last.length > LONGEST_NUMBER || !/^\d+$/.test(last)) return false;
  const padded = first.length > 1 && first.startsWith('0');
  if (padded && next.length !== first.length) return false;
  return next === String(Number(last) + 1).padStart(last.length, '0');
}

function rangeOf(run: readonly Parts[], place: number): Parts {
  const [first, last] = [run.at(0) ?? [], run.at(-1) ?? []];
  return first.with(place, `{${first[place]}..${last[place]}}`);
}

/** Shorter beginnings say nothing. */
const SHORTEST_PREFIX = 3;

/**
 * By event, given the names of the jobs that it waits for: `start`, `after_prep`, `after_work_jobs`,
 * `after_prep_and_2_more`. An id that was given already, or that a job's name happens to spell, gets a number: `_2`.
 */
export function eventIds(waitsFor: readonly (readonly string[])[]): string[] {
  const given = new Set<string>();
  const next = new Map<string, number>();
  return waitsFor.map((jobs) => {
    const plain = plainId(jobs);
    let id = plain;
    for (let number = next.get(plain) ?? 2; given.has(id); number += 1) {
      id = `${plain}_${number}`;
      next.set(plain, number + 1);
    }
    given.add(id);
    return id;
  });
}

function plainId(jobs: readonly string[]): string {
  const [first] = jobs;
  if (first === undefined) return 'start';
  if (jobs.length === 1) return `after_${first}`;
  const prefix = commonPrefix(jobs).replace(/[_\d]+$/, '');
  return prefix.length >= SHORTEST_PREFIX
    ? `after_${prefix}_jobs`
    : `after_${first}_and_${jobs.length - 1}_more`;
}

function commonPrefix(names: readonly string[]): string {
  let prefix = names[0] ?? '';
  for (const name of names) {
    while (!name.startsWith(prefix)) prefix = prefix.slice(0, -1);
    if (prefix === '') break;
  }
  // Not half of a character that takes two code units.
  return prefix.replace(/[\ud800-\udbff]$/, '');
}

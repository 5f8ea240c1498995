/**
 * By name as a person counts: `work_2` before `work_10`. The order of what comes in has no influence, so that the same
 * jobs from a file and from a database, which keeps them in another order, come out alike.
 */
export function inNameOrder<T extends { readonly name: string }>(named: readonly T[]): T[] {
  return named
    .map((one) => ({ one, key: sortKey(one.name) }))
    .sort((a, b) => compare(a.key, b.key) || compare(a.one.name, b.one.name))
    .map(({ one }) => one);
}

/** Before each number stands how many digits it has, and a 0, so that numbers still come before letters. */
function sortKey(name: string): string {
  return name.replace(/\d+/g, (digits) => {
    const number = digits.replace(/^0+(?=.)/, '');
    return `0${String.fromCharCode(number.length)}${number}`;
  });
}

/** By code units: the same on every machine, whatever its language. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

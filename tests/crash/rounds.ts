import type { Test } from 'tap';
import { crashRound } from './crash-round.js';
import { CrashSite } from './crash-site.js';

/** Sites beside each other: runners mostly wait, and so would a processor. */
const SITES = 3;

/** Rounds of killed servers and runners, of as many seeds. A seed that fails is run again by `--seed SEED --count 1`. */
export async function crashRounds(t: Test, first: number, count: number): Promise<void> {
  const folder = t.testdir();
  let next = first;
  const work = async (place: number) => {
    const site = await CrashSite.open(`${folder}/site-${place}`);
    t.teardown(() => site.close());
    while (next < first + count) {
      const seed = next;
      next += 1;
      t.same(await crashRound(site, seed), [], `seed ${seed}`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(SITES, count) }, (_, place) => work(place)));
}

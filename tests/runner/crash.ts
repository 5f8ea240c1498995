/** Many rounds of killed runners: `node dist/tests/runner/crash.js [--seed FIRST] [--count ROUNDS]`. */
import { parseArgs } from 'node:util';
import { t } from 'tap';
import { crashRound } from './crash-round.js';
import { Workbench } from './workbench.js';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1000' }, count: { type: 'string', default: '200' } },
});
const first = Number(values.seed);

t.setTimeout(3_600_000);
t.test('Rounds of killed runners', async (t) => {
  const bench = await Workbench.open(t);
  for (let seed = first; seed < first + Number(values.count); seed += 1) {
    t.same(await crashRound(bench, seed), [], `seed ${seed}`);
  }
});

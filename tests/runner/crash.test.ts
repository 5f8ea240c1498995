import { t } from 'tap';
import { crashRound } from './crash-round.js';
import { Workbench } from './workbench.js';

t.test('Runners that are killed lose no result, run nothing twice, and leave nothing running', async (t) => {
  const bench = await Workbench.open(t);
  for (const seed of [1, 2, 3]) t.same(await crashRound(bench, seed), [], `seed ${seed}`);
});

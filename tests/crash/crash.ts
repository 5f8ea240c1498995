/** Many rounds of killed servers and runners: `node dist/tests/crash/crash.js [--seed FIRST] [--count ROUNDS]`. */
import { parseArgs } from 'node:util';
import { t } from 'tap';
import { crashRounds } from './rounds.js';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1000' }, count: { type: 'string', default: '200' } },
});

t.setTimeout(3_600_000);
t.test('Rounds of killed servers and runners', (t) =>
  crashRounds(t, Number(values.seed), Number(values.count)),
);

import { t } from 'tap';
import { crashRounds } from './rounds.js';

t.test(
  'Servers and runners that are killed lose no result, run nothing twice, and leave nothing running',
  (t) => crashRounds(t, 1, 10),
);

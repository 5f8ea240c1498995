import t from 'tap';
import { indexList } from '../../lib/pocket/commands/index-list.js';

// As Slurm 22.05.8 lists them.
const LISTS: Readonly<Record<string, readonly number[]>> = {
  '': [],
  '7': [7],
  '0-3': [0, 1, 2, 3],
  '1,3,7': [1, 3, 7],
  '3,5,7,9': [3, 5, 7, 9],
  '1,3-5,7,9-10': [1, 3, 4, 5, 7, 9, 10],
  '1-178:3': Array.from({ length: 60 }, (_, place) => 1 + 3 * place),
  '0-12': Array.from({ length: 13 }, (_, index) => index),
  '0-12:12': [0, 12],
};

for (const [text, indices] of Object.entries(LISTS)) t.equal(indexList(indices), text, text || 'none');

import { readFileSync } from 'node:fs';
import t from 'tap';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { transitionTable } from './transition-table.js';

t.test('the README has the transitions as they are', async (t) => {
  const text = readFileSync(`${PACKAGE_ROOT}lib/server/README.md`, 'utf8');
  t.ok(text.includes(transitionTable()), 'the table of tests/server/transition-table.ts');
});

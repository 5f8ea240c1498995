import t from 'tap';
import { type Column, namedTable, percentTable } from '../../lib/pocket/commands/percent-format.js';

type Row = readonly [id: string, state: string];

const COLUMNS: Readonly<Record<string, Column<Row>>> = {
  i: { heading: 'JOBID', value: ([id]) => id },
  T: { heading: 'STATE', value: ([, state]) => state },
};
const NAMED = { jobid: COLUMNS.i, state: COLUMNS.T } as Record<string, Column<Row>>;
const ROWS: readonly Row[] = [['806_3', 'PENDING']];

const missing = (name: string): never => {
  throw new Error(`missing ${name}`);
};

t.test('-o', async (t) => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    '%i %T': ['JOBID STATE', '806_3 PENDING'],
    '%.9T|%9T|': ['    STATE|STATE    |', '  PENDING|PENDING  |'],
    '%3T%.3T': ['STASTA', 'PENPEN'],
    '%%;x%i': ['%;xJOBID', '%;x806_3'],
    plain: ['plain', 'plain'],
  };
  for (const [format, lines] of Object.entries(cases)) {
    const name = format.replaceAll('%', 'percent ');
    t.strictSame(percentTable(format, COLUMNS, ROWS, { heading: true, missing }), lines, name);
  }
  t.strictSame(percentTable('%i', COLUMNS, ROWS, { heading: false, missing }), ['806_3'], 'no heading');
  t.throws(() => percentTable('%q', COLUMNS, ROWS, { heading: true, missing }), /missing q/);
});

t.test('-O', async (t) => {
  const cases: Readonly<Record<string, string>> = {
    'JobID,State': `${'806_3'.padEnd(20)}${'PENDING'.padEnd(20)}`,
    'jobid:.10,state:-5': '     806_3PENDI',
    'State:3': 'PEN',
  };
  for (const [format, line] of Object.entries(cases))
    t.strictSame(namedTable(format, NAMED, ROWS, { heading: false, missing }), [line], format);
  t.throws(() => namedTable('jobid,nope', NAMED, ROWS, { heading: false, missing }), /missing nope/);
});

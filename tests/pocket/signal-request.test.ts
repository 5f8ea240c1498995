import t from 'tap';
import { parseSignalRequest, signalNumber } from '../../lib/pocket/commands/signal-request.js';

t.test('--signal', async (t) => {
  const cases: Readonly<Record<string, ReturnType<typeof parseSignalRequest>>> = {
    USR1: { number: 10, before: 60, batchShell: false },
    'USR1@50': { number: 10, before: 50, batchShell: false },
    'B:SIGTERM@300': { number: 15, before: 300, batchShell: true },
    'b:usr2@0': { number: 12, before: 0, batchShell: true },
    'RB:10@5': { number: 10, before: 5, batchShell: true },
    '9': { number: 9, before: 60, batchShell: false },
    nonsense: null,
    'USR1@x': null,
    'USR1@': null,
    'X:USR1': null,
    '65': null,
    '0': null,
  };
  for (const [text, request] of Object.entries(cases)) t.strictSame(parseSignalRequest(text), request, text);
});

t.test('names of signals', async (t) => {
  for (const name of ['TERM', 'term', 'SIGTERM', '15']) t.equal(signalNumber(name), 15, name);
  t.equal(signalNumber('NOPE'), null);
});

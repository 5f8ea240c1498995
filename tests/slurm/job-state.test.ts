import fc from 'fast-check';
import t from 'tap';
import { JOB_STATES, type JobState, parseJobState, stateTraits } from '../../lib/slurm/job-state.js';

/** Text as printed, the state, and the user who cancelled. */
const READ: [string, JobState | 'UNKNOWN', (number | null)?][] = [
  ['PENDING', 'PENDING'],
  ['COMPLETED', 'COMPLETED'],
  ['OUT_OF_MEMORY', 'OUT_OF_MEMORY'],
  ['CANCELLED', 'CANCELLED'],
  ['CANCELLED by 30065', 'CANCELLED', 30065],
  ['CANCELLED by 0', 'CANCELLED', 0],
  ['CANCELLED+', 'CANCELLED'],
  ['CANCELLED b+', 'CANCELLED'],
  ['CANCELLED by 300+', 'CANCELLED'],
  ['cancelled by 65534', 'CANCELLED', 65534],
  ['OUT_OF_ME+', 'OUT_OF_MEMORY'],
  ['CONFIGUR+', 'CONFIGURING'],
  ['REQUEUE_H+', 'REQUEUE_HOLD'],
  ['timeout', 'TIMEOUT'],
  [' RUNNING ', 'RUNNING'],
  ['PD', 'PENDING'],
  ['R', 'RUNNING'],
  ['S', 'SUSPENDED'],
  ['CG', 'COMPLETING'],
  ['CD', 'COMPLETED'],
  ['CF', 'CONFIGURING'],
  ['F', 'FAILED'],
  ['TO', 'TIMEOUT'],
  ['OOM', 'OUT_OF_MEMORY'],
  ['NF', 'NODE_FAIL'],
  ['PR', 'PREEMPTED'],
  ['BF', 'BOOT_FAIL'],
  ['DL', 'DEADLINE'],
  ['CA', 'CANCELLED'],
  ['RQ', 'REQUEUED'],
  ['SE', 'SPECIAL_EXIT'],
  ['RV', 'REVOKED'],
  ['ST', 'STOPPED'],
  ['RUNNING|COMPLETING', 'COMPLETING'],
  ['COMPLETED+COMPLETING', 'COMPLETING'],
  ['PENDING,REQUEUED', 'REQUEUED'],
  ['FAILED|LAUNCH_FAILED', 'FAILED'],
  ['RUNNING|POWER_UP_NODE', 'RUNNING'],
  ['COMPLETED|SOME_NEW_FLAG', 'UNKNOWN'],
  ['COMPLETED|FAILED', 'UNKNOWN'],
  ['COMPLETED+', 'UNKNOWN'],
  ['COMPLET+', 'UNKNOWN'],
  ['REQUEUE+', 'UNKNOWN'],
  ['D+', 'UNKNOWN'],
  ['CANC+', 'UNKNOWN'],
  ['+', 'UNKNOWN'],
  ['', 'UNKNOWN'],
  ['|', 'UNKNOWN'],
  ['FROBNICATED', 'UNKNOWN'],
  ['CANCELLED by root', 'UNKNOWN'],
  ['?', 'UNKNOWN'],
  ['constructor', 'UNKNOWN'],
];

t.test('reads states as Slurm prints them', async (t) => {
  for (const [raw, state, cancelledBy = null] of READ)
    t.same(parseJobState(raw), { state, cancelledBy, raw }, raw);
});

t.test('only these states end a run, and only one of them well', async (t) => {
  const states = Object.keys(JOB_STATES) as JobState[];
  const withOutcome = (outcome: string) =>
    states.filter((state) => stateTraits(state).outcome === outcome).sort();
  t.same(withOutcome('success'), ['COMPLETED']);
  t.same(withOutcome('cancelled'), ['CANCELLED']);
  t.same(withOutcome('failure'), [
    'BOOT_FAIL',
    'DEADLINE',
    'FAILED',
    'NODE_FAIL',
    'OUT_OF_MEMORY',
    'PREEMPTED',
    'TIMEOUT',
  ]);
  for (const state of states)
    t.equal(stateTraits(state).terminal, stateTraits(state).outcome !== 'none', state);
  t.same(stateTraits('UNKNOWN'), { code: null, terminal: false, outcome: 'none' });
});

t.test('names and codes are each of one state, and read back', async (t) => {
  const states = Object.keys(JOB_STATES) as JobState[];
  t.ok(states.length >= 29);
  for (const state of states) {
    t.equal(parseJobState(state).state, state);
    const { code } = stateTraits(state);
    if (code !== null) t.equal(parseJobState(code.toLowerCase()).state, state);
  }
});

t.test('never throws, and calls nothing terminal that does not begin as a state does', async () => {
  const word = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'CANELDOMPT+| _') }));
  fc.assert(
    fc.property(word, (raw) => {
      const { state } = parseJobState(raw);
      if (!stateTraits(state).terminal) return true;
      const text = raw.trim().toUpperCase();
      return Object.entries(JOB_STATES).some(
        ([name, { code }]) => text.startsWith(name.slice(0, 5)) || text.includes(`${code}`),
      );
    }),
    { numRuns: 3000 },
  );
});

/** One scenario over tests/jobs/variable-job.sh, whose behaviour follows from the last digit of the task id. */
export interface Scenario {
  name: string;
  array: string;
  exports: string | null;
  expected: string;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'levels', array: '0-19', exports: null, expected: '20 tasks over all four levels (recommended)' },
  {
    name: 'quick',
    array: digits([0, 1, 2, 3, 4], 20),
    exports: null,
    expected: '100 tasks, all complete at once',
  },
  {
    name: 'timeout',
    array: digits([5, 6], 50),
    exports: null,
    expected: '100 tasks, all time out at 1 min, then complete',
  },
  {
    name: 'oom',
    array: digits([8], 100),
    exports: null,
    expected: '100 tasks, all out of memory at 1G, then complete',
  },
  { name: 'mixed', array: '0-999', exports: null, expected: '1000 tasks, everything' },
  {
    name: 'mixed-fail',
    array: '0-29',
    exports: 'FAIL_MOD=5',
    expected: '30 tasks: complete, escalate, and 6 code errors',
  },
  { name: 'fast', array: '0-499', exports: null, expected: '500 tasks' },
  { name: 'large', array: '0-4999', exports: null, expected: '5000 tasks' },
  {
    name: 'max',
    array: '0-9999',
    exports: null,
    expected: '10000 tasks, the largest array below MaxArraySize',
  },
];

/** The first `count` ids for each of these last digits, as an array spec. */
function digits(last: readonly number[], count: number): string {
  return last.map((digit) => `${digit}-${digit + 10 * (count - 1)}:10`).join(',');
}

import t from 'tap';
import { PlainWorkflow } from './plain-workflow.js';

/** Jobs and what they depend on, reports in order (`-` before a failed one), and how the jobs stand at the end. */
const CASES: [string, Record<string, string>, string, string][] = [
  ['a chain', { a: '', b: 'a', c: 'b' }, 'a', 'a:completed b:ready c:blocked'],
  ['a barrier', { a: '', b: '', c: 'ab' }, 'a', 'a:completed b:ready c:blocked'],
  ['a barrier, released', { a: '', b: '', c: 'ab' }, 'ab', 'a:completed b:completed c:ready'],
  ['a failure', { a: '', b: 'a' }, '-a', 'a:failed b:canceled'],
  ['a failure that nobody minds', { a: '', 'b!': 'a' }, '-a', 'a:failed b:ready'],
  ['a cascade', { a: '', b: 'a', c: 'b', d: 'c' }, '-a', 'a:failed b:canceled c:canceled d:canceled'],
  [
    'a cascade that ends',
    { a: '', b: 'a', 'c!': 'b', d: 'c' },
    '-a',
    'a:failed b:canceled c:ready d:blocked',
  ],
  [
    'a diamond over a failure',
    { a: '', b: 'a', c: 'a', d: 'bc' },
    '-a',
    'a:failed b:canceled c:canceled d:canceled',
  ],
  [
    'a failure first, a success last, and something behind it',
    { f: '', s: '', j: 'fs', k: 'j' },
    '-fs',
    'f:failed s:completed j:canceled k:canceled',
  ],
  [
    'a success first, a failure last',
    { f: '', s: '', j: 'fs', k: 'j' },
    's-f',
    'f:failed s:completed j:canceled k:canceled',
  ],
  [
    'another dependency is open',
    { a: '', b: '', c: 'ab', d: 'c' },
    '-a',
    'a:failed b:ready c:blocked d:blocked',
  ],
];

for (const [name, jobs, reports, states] of CASES) {
  t.test(name, async (t) => {
    const workflow = new PlainWorkflow();
    workflow.add(jobs);
    workflow.initialize();
    for (const [, minus, job] of reports.matchAll(/(-?)(\w)/g)) {
      workflow.report(job as string, minus === '-' ? 'failed' : 'completed');
    }
    t.equal(workflow.states, states);
    workflow.close();
  });
}

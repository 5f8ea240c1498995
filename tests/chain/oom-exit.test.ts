import t from 'tap';
import type { TaskOutcome } from '../../lib/chain/checkpoint.js';
import { decide, type Verdict, verdict } from '../../lib/chain/decide.js';
import { DEFAULT_POLICY } from '../../lib/chain/ladder.js';
import { parseLadder } from '../../lib/chain/ladder-file.js';
import type { OomExit0 } from '../../lib/chain/oom-exit.js';
import { parseExitCode } from '../../lib/slurm/exit-code.js';
import { ladder, outcome } from './plain-chain.js';

/** State, the script's own exit code (null without evidence), and the verdict by retry, warn and accept. */
const VERDICTS: [TaskOutcome['state'], string | null, Verdict, Verdict, Verdict][] = [
  ['OUT_OF_MEMORY', '0:0', 'escalate', 'warned', 'completed'],
  ['OUT_OF_MEMORY', null, 'escalate', 'escalate', 'escalate'],
  ['OUT_OF_MEMORY', '3:0', 'escalate', 'escalate', 'escalate'],
  ['OUT_OF_MEMORY', '137:0', 'escalate', 'escalate', 'escalate'],
  ['OUT_OF_MEMORY', '0:9', 'escalate', 'escalate', 'escalate'],
  ['TIMEOUT', '0:0', 'escalate', 'escalate', 'escalate'],
  ['FAILED', '0:0', 'no_retry', 'no_retry', 'no_retry'],
  ['COMPLETED', '0:0', 'completed', 'completed', 'completed'],
];

t.test('only evidence of exit 0 makes up for OUT_OF_MEMORY', async (t) => {
  for (const [state, script, ...expected] of VERDICTS) {
    const scriptExit = script === null ? null : parseExitCode(script);
    const ended = { state, terminal: true, exit: parseExitCode('0:125'), scriptExit };
    for (const [at, policy] of (['retry', 'warn', 'accept'] as const).entries())
      t.equal(verdict(ended, DEFAULT_POLICY, policy), expected[at], `${state}, script ${script}: ${policy}`);
  }
});

t.test('what is warned of is completed, and listed', async (t) => {
  const survived = { state: 'OUT_OF_MEMORY' as const, scriptExit: { code: 0, signal: 0 } };
  const found = new Map([0, 1, 2].map((index) => [index, outcome(index, index === 0 ? {} : survived)]));
  const tasks = [0, 1, 2].map((index) => ({ index, level: 0, attemptsAtLevel: 0, events: [] }));
  const told = (oomExit0: OomExit0) => {
    const { buckets, warned } = decide(tasks, found, ladder({ oomExit0 }), 1, 0);
    return [[...buckets.completed], [...buckets.retrying], [...warned]];
  };
  t.strictSame(told('warn'), [[0, 1, 2], [], [1, 2]]);
  t.strictSame(told('accept'), [[0, 1, 2], [], []]);
  t.strictSame(told('retry'), [[0], [1, 2], []]);
});

t.test('in a ladder file', async (t) => {
  t.equal(parseLadder('levels: [{mem: 1G}]\n', 'x').oomExit0, 'retry');
  t.equal(parseLadder('levels: [{mem: 1G}]\noom_exit0: warn\n', 'x').oomExit0, 'warn');
  t.throws(() => parseLadder('levels: [{mem: 1G}]\noom_exit0: ignore\n', 'x'), {
    message: 'x:2:1: oom_exit0: expected one of retry, warn, accept; found "ignore"',
  });
});

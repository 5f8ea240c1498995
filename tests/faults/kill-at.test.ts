import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { CHAIN_STATES } from '../../lib/chain/checkpoint.js';
import { RealChain } from './real-chain.js';

/**
 * Real processes die by SIGKILL at their N-th moment: the submission, and every handler, since it inherits the setting.
 * A person resumes. kill-points.test.ts has every moment in virtual time; here every ninth, or all of them:
 * AFTEROK_FAULTS=all.
 */
const STEP = process.env.AFTEROK_FAULTS === 'all' ? 1 : 9;

/** Chains at the same time: they mostly wait. */
const AT_ONCE = 4;

/** More moments than any process of such a chain has. */
const MOST = 100;

/** Milliseconds without a write after which nobody is submitting any more. */
const ABANDONED = 4000;

/** Index 1 needs the second level. */
const PLAN = '1 exit:137 ok\n* ok\n';

/** @returns whether a process was killed */
async function survives(t: Test, moment: number): Promise<boolean> {
  const chain = RealChain.open(t, PLAN);
  const { code } = await chain.submit('0-2', { AFTEROK_KILL_AT: String(moment) });
  let killed = code === 137;
  if (chain.checkpoint === null) {
    t.same(chain.marks(), [], `killed at ${moment}: no chain, and nothing ran`);
    return killed;
  }
  const deadline = Date.now() + 60_000;
  let quiet = { sequence: -1, since: Date.now() };
  for (let { checkpoint } = chain; checkpoint !== null; { checkpoint } = chain) {
    if (CHAIN_STATES[checkpoint.state].ended || Date.now() > deadline) break;
    await pause(500);
    if (checkpoint.sequence !== quiet.sequence) quiet = { sequence: checkpoint.sequence, since: Date.now() };
    const { stdout } = await chain.command(['--status', checkpoint.chain, '--format', 'json']);
    const { needsResume, state } = JSON.parse(stdout) as { needsResume: boolean; state: string };
    // Status waits for two minutes before it calls such a chain abandoned.
    const abandoned = (state === 'SUBMITTING' || state === 'HELD') && Date.now() - quiet.since > ABANDONED;
    if (!needsResume && !abandoned) continue;
    killed = true;
    await chain.command(['--resume', checkpoint.chain]);
  }
  const right = chain.checkpoint?.state === 'completed';
  t.equal(chain.checkpoint?.state, 'completed', right ? `killed at ${moment}` : chain.describe());
  t.same(chain.attempts(), ['0 0', '1 0', '1 1', '2 0'], `killed at ${moment}: every attempt happened once`);
  return killed;
}

t.setTimeout(600_000);
t.jobs = AT_ONCE;

t.test('killed at its N-th moment, a chain of real processes ends right', async (t) => {
  t.jobs = AT_ONCE;
  let killed = true;
  for (let first = 1; killed; first += AT_ONCE * STEP) {
    t.ok(first < MOST, `moments from ${first}`);
    const moments = Array.from({ length: AT_ONCE }, (_, position) => first + position * STEP);
    const deaths = await Promise.all(
      moments.map(async (moment) => {
        let died = false;
        await t.test(`moment ${moment}`, async (t) => {
          died = await survives(t, moment);
        });
        return died;
      }),
    );
    killed = first < MOST && deaths.every(Boolean);
  }
});

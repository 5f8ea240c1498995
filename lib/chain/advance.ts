import { SlurmCommandError } from '../slurm/command-error.js';
import { scancel } from '../slurm/scancel.js';
import { CHAIN_STATES, lastRound, type RoundPhase } from './checkpoint.js';
import { concludeRound } from './conclude-round.js';
import type { OpenChain } from './open-chain.js';
import { releaseJobs, submitHandlers, submitJobs } from './submit-round.js';

/** Who moves the chain on. */
export interface Mover {
  env: NodeJS.ProcessEnv;
  /** The handler job that this process is, or null for a command that a person runs. */
  self: string | null;
  /** True for the process that has just planned the round: nothing of it can be in the queue. */
  fresh: boolean;
}

type StepResult = 'again' | 'wait';

/** What each phase asks for; every step ends by writing the next phase. */
const STEPS: Readonly<Record<RoundPhase, (chain: OpenChain, mover: Mover) => Promise<StepResult>>> = {
  submitting: async (chain, { fresh }) => {
    await submitJobs(chain, fresh);
    return 'again';
  },
  submitted: async (chain, { fresh }) => {
    await submitHandlers(chain, fresh);
    return 'again';
  },
  guarded: async (chain, { fresh }) => {
    await releaseJobs(chain, fresh);
    // Released by a process that died: the round may have ended, and this may be the last handler that it has.
    return fresh ? 'wait' : 'again';
  },
  running: async (chain, { env, self }) => {
    const { handlers } = lastRound(chain.checkpoint);
    if (!(await concludeRound(chain, env, self))) return 'wait';
    await cancelHandlers(
      handlers.flatMap(({ jobId }) => jobId ?? []),
      self,
      env,
    );
    return 'again';
  },
  finished: async () => 'wait',
};

/**
 * Takes a chain as far as it can go now: submits what is planned, or decides the round that has ended and submits
 * the next one. Can be run at any time by anyone, and again after dying at any instruction.
 * A later round that sbatch refuses leaves the chain blocked, with the reason.
 *
 * @throws SlurmCommandError when the first round is refused
 */
export async function advance(chain: OpenChain, mover: Mover): Promise<void> {
  let { fresh } = mover;
  try {
    for (;;) {
      if (chain.checkpoint.state !== 'active') return;
      const { phase, number } = lastRound(chain.checkpoint);
      const result = await STEPS[phase](chain, { ...mover, fresh });
      if (result === 'wait') return;
      // From here on this process knows what it has submitted of the rounds that it plans itself.
      fresh ||= lastRound(chain.checkpoint).number > number;
    }
  } catch (error) {
    const { rounds, state } = chain.checkpoint;
    if (!(error instanceof SlurmCommandError) || rounds.length === 1 || state !== 'active') throw error;
    const { number } = lastRound(chain.checkpoint);
    chain.write(
      { state: 'blocked', reason: error.message },
      { round: number, kind: 'blocked', text: error.message },
    );
  }
}

/** Handlers that have lost their purpose are not left in the queue, whatever the site makes of invalid dependencies. */
async function cancelHandlers(
  ids: readonly string[],
  self: string | null,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  try {
    await scancel(
      ids.filter((id) => id !== self),
      env,
    );
  } catch (error) {
    if (!(error instanceof SlurmCommandError)) throw error;
  }
}

/** Takes up a chain that is stalled, blocked or stopped. */
export async function resume(chain: OpenChain, env: NodeJS.ProcessEnv): Promise<void> {
  const { state } = chain.checkpoint;
  if (!CHAIN_STATES[state].resumable) return;
  const { number } = lastRound(chain.checkpoint);
  if (state !== 'active')
    chain.write({ state: 'active', reason: null }, { round: number, kind: 'resumed', text: '' });
  await advance(chain, { env, self: null, fresh: false });
}

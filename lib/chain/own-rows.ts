import { stateTraits } from '../slurm/job-state.js';
import type { AccountingRow } from '../slurm/sacct.js';
import type { ControllerRow } from '../slurm/scontrol.js';
import { type Checkpoint, lastRound } from './checkpoint.js';
import { tokenIn } from './plan.js';

/** However wrong clocks are, a job that was submitted so many seconds before its round was planned is another one. */
const LONG_BEFORE = 24 * 3600;

/** Seconds between clocks of one cluster: munge refuses those that are further apart. */
const CLOCK_TOLERANCE = 300;

/**
 * Which rows under the ids of the last round's jobs are of these jobs. Ids start again when a controller loses its
 * state, and a job of somebody else may then bear one of ours. The token in the comment tells. Where there is none (a
 * person has changed the comment, slurmdbd was away) the time of submission does; but a requeued job is submitted anew,
 * so that a row that is late is only another job's when its comment could be expected to be there.
 */
export class OwnRows {
  private readonly earliest: number;
  private readonly latest: number;
  private readonly commentsKept: boolean;

  constructor({ rounds, events, evidence }: Pick<Checkpoint, 'rounds' | 'events' | 'evidence'>) {
    const { number, startedAt } = lastRound({ rounds });
    const submitted = events.findLast(({ kind, round }) => kind === 'submitted' && round === number);
    this.earliest = startedAt - LONG_BEFORE;
    this.latest = submitted === undefined ? Number.POSITIVE_INFINITY : submitted.at + CLOCK_TOLERANCE;
    this.commentsKept = evidence.comments;
  }

  /** Accounting gets the comment when a job has ended, where the site keeps comments. */
  inAccounting(token: string, { submit, comment, state }: AccountingRow): boolean {
    return this.isOwn(token, submit, comment, this.commentsKept && stateTraits(state.state).terminal);
  }

  /** The controller has the comment always. */
  inController(token: string, { submit, comment }: ControllerRow): boolean {
    return this.isOwn(token, submit, comment, true);
  }

  private isOwn(token: string, submit: number | null, comment: string, expected: boolean): boolean {
    const told = tokenIn(comment);
    if (told !== null) return told === token;
    return submit === null || (submit >= this.earliest && !(expected && submit > this.latest));
  }
}

/**
 * The moments between side effects at which a process can die. Fault tests kill it there, with
 * `AFTEROK_KILL_POINT=NAME@ROUND`; whatever dies, running the chain's next step again carries on.
 */
export const KILL_POINTS = [
  /** The round's intent is written, nothing is submitted. */
  'round-planned',
  /** One of the round's jobs is submitted, its id not yet written. */
  'job-submitted',
  /** All job ids are written, no handler is queued. */
  'jobs-recorded',
  /** A handler is queued, its id not yet written. */
  'handler-submitted',
  /** Handler ids are written, the jobs are still held. */
  'handlers-recorded',
  /** The jobs are released, the checkpoint still says held. */
  'jobs-released',
  /** The round is known to be running. */
  'round-running',
  /** Outcomes are known to this process only. */
  'round-observed',
  /** The outcomes file is written, the decision is not. */
  'outcomes-written',
] as const;

export type KillPoint = (typeof KILL_POINTS)[number];

/** Dies by SIGKILL, as the OOM killer would have it, when the environment asks for this point in this round. */
export function killPoint(point: KillPoint, round: number): void {
  if (process.env.AFTEROK_KILL_POINT === `${point}@${round}`) process.kill(process.pid, 'SIGKILL');
}

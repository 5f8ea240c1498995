import { COMPLETE_STATUSES, JOB_STATUSES, type JobStatus, TERMINAL_STATUSES } from '../../wire/job-status.js';

export interface Transition {
  from: readonly JobStatus[];
  to: readonly JobStatus[];
  by: 'server' | 'runner' | 'person';
  /** What makes it happen. */
  when: string;
}

/** What the initialisation decides about anew: all that has no result worth keeping. */
const TO_BE_DECIDED = [
  'uninitialized',
  'blocked',
  'ready',
  'pending',
  'running',
  'terminated',
  'pending_failed',
] as const;

function allBut(...left: JobStatus[]): JobStatus[] {
  return JOB_STATUSES.filter((status) => !left.includes(status));
}

/** Every way in which a job comes into another state. What is not here does not happen. */
export const TRANSITIONS = {
  block: {
    from: TO_BE_DECIDED,
    to: ['blocked'],
    by: 'server',
    when: 'initialised, and a dependency has not ended',
  },
  admit: {
    from: TO_BE_DECIDED,
    to: ['ready'],
    by: 'server',
    when: 'initialised, and nothing is in its way',
  },
  rule_out: {
    from: TO_BE_DECIDED,
    to: ['canceled'],
    by: 'server',
    when: 'initialised, and it does not run since a dependency did not complete',
  },
  release: {
    from: ['blocked'],
    to: ['ready'],
    by: 'server',
    when: 'its last dependency ended',
  },
  cascade: {
    from: ['blocked'],
    to: ['canceled'],
    by: 'server',
    when: 'its last dependency ended, one did not complete, and cancel_on_blocking_job_failure is set',
  },
  claim: {
    from: ['ready'],
    to: ['pending'],
    by: 'runner',
    when: 'a runner claims it',
  },
  start: {
    from: ['pending'],
    to: ['running'],
    by: 'runner',
    when: 'the runner has started it',
  },
  report: {
    from: ['ready', 'pending', 'running'],
    to: TERMINAL_STATUSES,
    by: 'runner',
    when: 'the attempt has ended; also said of jobs whose runner has died or was never there',
  },
  retry: {
    from: ['running', 'failed', 'terminated', 'pending_failed'],
    to: ['ready'],
    by: 'runner',
    when: 'a failure handler or a person wants another attempt',
  },
  cancel: {
    from: ['pending', 'running'],
    to: ['canceled'],
    by: 'person',
    when: 'the workflow is canceled',
  },
  reset: {
    from: allBut('uninitialized', 'disabled'),
    to: ['uninitialized'],
    by: 'person',
    when: 'it shall run anew: a reset, a changed input, or something upstream that runs anew',
  },
  disable: {
    from: ['uninitialized'],
    to: ['disabled'],
    by: 'person',
    when: 'it shall not run',
  },
  set_uninitialized: {
    from: allBut('uninitialized'),
    to: ['uninitialized'],
    by: 'person',
    when: 'the status is changed by hand',
  },
  set_blocked: {
    from: ['uninitialized', 'ready'],
    to: ['blocked'],
    by: 'person',
    when: 'the status is changed by hand, and a dependency has not ended',
  },
  set_ready: {
    from: allBut('ready'),
    to: ['ready'],
    by: 'person',
    when: 'the status is changed by hand',
  },
  set_pending: {
    from: ['uninitialized', 'ready'],
    to: ['pending'],
    by: 'person',
    when: 'the status is changed by hand',
  },
  set_running: {
    from: ['uninitialized', 'ready', 'pending'],
    to: ['running'],
    by: 'person',
    when: 'the status is changed by hand',
  },
  set_disabled: {
    from: allBut('disabled', 'pending', 'running', 'completed'),
    to: ['disabled'],
    by: 'person',
    when: 'the status is changed by hand',
  },
  set_pending_failed: {
    from: ['running', 'failed'],
    to: ['pending_failed'],
    by: 'person',
    when: 'the status is changed by hand',
  },
  give_up: {
    from: ['pending_failed'],
    to: ['failed'],
    by: 'person',
    when: 'the status is changed by hand: the failure stands',
  },
} as const satisfies Record<string, Transition>;

export type TransitionName = keyof typeof TRANSITIONS;

/** States in which a job is done with as far as its dependents are concerned; nobody waits for a disabled job. */
export const SETTLED_STATUSES = [...COMPLETE_STATUSES, 'disabled'] as const;

/** States of a dependency that cancel what depends on it. */
export const FAILED_STATUSES = ['failed', 'canceled', 'terminated', 'disabled'] as const;

/** How far a job has come: what others count, dependents and actions, changes only from one phase to another. */
export const PHASES = ['waiting', 'admitted', 'settled'] as const;
export type Phase = (typeof PHASES)[number];

export function phaseOf(status: JobStatus): Phase {
  if ((SETTLED_STATUSES as readonly JobStatus[]).includes(status)) return 'settled';
  return status === 'uninitialized' || status === 'blocked' ? 'waiting' : 'admitted';
}

/** `'failed', 'canceled'`: statuses as they stand in a statement. */
export function statusList(statuses: readonly JobStatus[]): string {
  return statuses.map((status) => `'${status}'`).join(', ');
}

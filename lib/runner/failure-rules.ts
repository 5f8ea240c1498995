/** A rule of a failure handler, as it stands in the handler's JSON. */
export interface FailureRule {
  exit_codes?: number[] | null;
  match_all_exit_codes?: boolean | null;
  recovery_script?: string | null;
  max_retries?: number | null;
}

/** What becomes of a job that failed. */
export type FailureDecision =
  | { kind: 'retry'; maxRetries: number; recoveryScript: string | null }
  | { kind: 'final'; status: 'failed' | 'pending_failed' };

export const DEFAULT_MAX_RETRIES = 3;

/** @returns no rules for what is none: the server has refused bad ones, older databases may hold some */
export function parseRules(json: string): FailureRule[] {
  try {
    const rules: unknown = JSON.parse(json);
    return Array.isArray(rules) ? rules : [];
  } catch {
    return [];
  }
}

/** The first rule that names the code, else the first that takes every code. */
export function ruleFor(rules: readonly FailureRule[], returnCode: number): FailureRule | null {
  const named = rules.find((rule) => rule.exit_codes?.includes(returnCode));
  return named ?? rules.find((rule) => rule.match_all_exit_codes === true) ?? null;
}

/**
 * A failure that a rule knows is retried while attempts are left: 3 retries are four attempts. One that no rule knows
 * is for a person to decide where the workflow says so.
 *
 * @param rules null for a job without a handler
 */
export function decideFailure(
  rules: readonly FailureRule[] | null,
  {
    returnCode,
    attempt,
    usePendingFailed,
  }: { returnCode: number; attempt: number; usePendingFailed: boolean },
): FailureDecision {
  const rule = ruleFor(rules ?? [], returnCode);
  if (rule === null) return { kind: 'final', status: usePendingFailed ? 'pending_failed' : 'failed' };
  const maxRetries = rule.max_retries ?? DEFAULT_MAX_RETRIES;
  if (attempt > maxRetries) return { kind: 'final', status: 'failed' };
  return { kind: 'retry', maxRetries, recoveryScript: rule.recovery_script ?? null };
}

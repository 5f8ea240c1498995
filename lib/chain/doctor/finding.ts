/** `warn`: chains work, but worse than they could. `bad`: chains do not work, or not reliably. */
export type Grade = 'ok' | 'warn' | 'bad';

/** What one check has found. */
export interface Finding {
  /** What was looked at, a word or two. */
  check: string;
  grade: Grade;
  /** What is there. */
  found: string;
  /** What that means for chains. */
  meaning: string;
  /** What to do about it; null when there is nothing to do. */
  advice: string | null;
}

export function ok(check: string, found: string, meaning: string): Finding {
  return { check, grade: 'ok', found, meaning, advice: null };
}

export function warn(check: string, found: string, meaning: string, advice: string): Finding {
  return { check, grade: 'warn', found, meaning, advice };
}

export function bad(check: string, found: string, meaning: string, advice: string): Finding {
  return { check, grade: 'bad', found, meaning, advice };
}

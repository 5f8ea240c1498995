/** Why something that was asked for cannot be: it is about what is not there, or does not go with what is. */
export type RefusalKind = 'missing' | 'invalid';

/** The database is in order, but what was asked for does not go with what is in it. Nothing was changed. */
export class Refusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    message: string,
    readonly detail: { field?: string; value?: unknown } = {},
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** @param noun as in `Job not found with ID: 7` */
export function missing(noun: string, id: number): Refusal {
  return new Refusal('missing', `${noun} not found with ID: ${id}`);
}

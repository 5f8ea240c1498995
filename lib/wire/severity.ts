/** How much an event of the stream matters, from the least to the most severe. */
export const SEVERITIES = ['debug', 'info', 'warning', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

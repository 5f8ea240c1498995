const UNITS = [
  ['GB', 2 ** 30],
  ['MB', 2 ** 20],
  ['KB', 2 ** 10],
] as const;

/** `8.00 GB`, powers of 1024; whole bytes below 1 KB. */
export function sizeText(bytes: number): string {
  const unit = UNITS.find(([, size]) => bytes >= size);
  return unit === undefined ? `${Math.round(bytes)} B` : `${(bytes / unit[1]).toFixed(2)} ${unit[0]}`;
}

/** `2h 45m 0s`, without what is 0 in front: `45m 0s`, `12s`. Parts of a second are rounded. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  if (hours > 0) return `${hours}h ${minutes}m ${whole % 60}s`;
  return minutes > 0 ? `${minutes}m ${whole % 60}s` : `${whole % 60}s`;
}

/** `800%`, `950.5%` */
export function percentText(percent: number): string {
  return `${Number.isInteger(percent) ? percent : percent.toFixed(1)}%`;
}

/** By how much one amount exceeds another: `+31.3%`, `-50.0%`. */
export function excessText(used: number, specified: number): string {
  if (specified <= 0) return used > 0 ? '+inf%' : '+0.0%';
  const excess = 100 * (used / specified - 1);
  return `${excess < 0 ? '' : '+'}${excess.toFixed(1)}%`;
}

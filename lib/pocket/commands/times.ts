/**
 * How Slurm prints times: local `2026-11-21T03:00:00`, or as SLURM_TIME_FORMAT says, strftime(3) patterns of which
 * pocket Slurm knows those that scripts use.
 */
export function formatTime(seconds: number | null, env: NodeJS.ProcessEnv, none: string): string {
  if (seconds === null) return none;
  const format = env.SLURM_TIME_FORMAT;
  if (format === undefined || format === '' || format === 'standard')
    return pattern('%Y-%m-%dT%H:%M:%S', seconds);
  return pattern(format, seconds);
}

function pattern(format: string, seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (number: number) => String(number).padStart(2, '0');
  const parts: Readonly<Record<string, () => string>> = {
    s: () => String(Math.floor(seconds)),
    Y: () => String(date.getFullYear()),
    m: () => two(date.getMonth() + 1),
    d: () => two(date.getDate()),
    H: () => two(date.getHours()),
    M: () => two(date.getMinutes()),
    S: () => two(date.getSeconds()),
    F: () => pattern('%Y-%m-%d', seconds),
    T: () => pattern('%H:%M:%S', seconds),
    y: () => two(date.getFullYear() % 100),
    '%': () => '%',
  };
  return format.replace(/%([a-zA-Z%])/g, (all, letter: string) => parts[letter]?.() ?? all);
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Elapsed time as squeue prints it: `0:05`, `1:02:03`, `2-01:00:00`. */
export function formatShortElapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours, minutes, rest] = split(whole);
  const two = (number: number) => String(number).padStart(2, '0');
  if (days > 0) return `${days}-${two(hours)}:${two(minutes)}:${two(rest)}`;
  if (hours > 0) return `${hours}:${two(minutes)}:${two(rest)}`;
  return `${minutes}:${two(rest)}`;
}

/** Elapsed time as sacct and scontrol print it: `00:00:05`, `2-01:00:00`. */
export function formatElapsed(seconds: number): string {
  const [days, hours, minutes, rest] = split(Math.max(0, Math.floor(seconds)));
  const clock = [hours, minutes, rest].map((number) => String(number).padStart(2, '0')).join(':');
  return days > 0 ? `${days}-${clock}` : clock;
}

function split(whole: number): [days: number, hours: number, minutes: number, seconds: number] {
  return [
    Math.floor(whole / DAY),
    Math.floor((whole % DAY) / HOUR),
    Math.floor((whole % HOUR) / MINUTE),
    whole % MINUTE,
  ];
}

import type { ChalkInstance } from 'chalk';

/** What pino hands on, one JSON object a line. */
interface LogRecord {
  level: number;
  time: number;
  msg?: string;
  err?: { message: string; stack?: string };
  [field: string]: unknown;
}

const LEVELS: Readonly<
  Record<number, { word: string; colour: 'red' | 'yellow' | 'green' | 'blue' | 'gray' }>
> = {
  60: { word: 'FATAL', colour: 'red' },
  50: { word: 'ERROR', colour: 'red' },
  40: { word: ' WARN', colour: 'yellow' },
  30: { word: ' INFO', colour: 'green' },
  20: { word: 'DEBUG', colour: 'blue' },
  10: { word: 'TRACE', colour: 'gray' },
};

/** Fields that every record has, or that stand elsewhere in the line. */
const HIDDEN = new Set(['level', 'time', 'msg', 'err', 'pid', 'hostname']);

/** `2026-01-31T12:00:00.000Z  INFO message field=value`, for people. A stack trace follows, indented. */
export function logLine(json: string, colours: ChalkInstance): string {
  const record = JSON.parse(json) as LogRecord;
  const { word, colour } = LEVELS[record.level] ?? { word: String(record.level), colour: 'gray' };
  const fields = Object.entries(record)
    .filter(([name]) => !HIDDEN.has(name))
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`);
  const time = colours.gray(new Date(record.time).toISOString());
  const message = oneLine(record.msg ?? record.err?.message ?? '');
  const stack = (record.err?.stack ?? '').split('\n').filter((line) => line !== '');
  return `${[`${time} ${colours[colour](word)} ${message}${fields.join('')}`, ...stack.map((line) => `    ${line}`)].join('\n')}\n`;
}

/** Text of clients, such as user names, must not look like lines of ours or reach the terminal's controls. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (control) =>
    JSON.stringify(control).slice(1, -1).replace('\u007f', '\\u007f'),
  );
}

function quoted(text: string): string {
  return /^[\w.:/@+-]+$/.test(text) ? text : oneLine(JSON.stringify(text));
}

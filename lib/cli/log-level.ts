import { AfterokError } from '../errors.js';
import { nearest } from '../nearest.js';
import { LOG_LEVELS, type LogLevel } from './config-files/settings.js';

const WORD = /^(?:[^=,]*=)?([a-z]+)$/;

/**
 * The level that an option or RUST_LOG asks for: a word, or directives for parts of a program as in
 * `warn,torc::server::auth=debug`, of which the most talkative one counts for the whole.
 *
 * @param source what to call it in the message
 * @throws AfterokError for anything else
 */
export function parseLogLevel(text: string, source: string): LogLevel {
  const words = text
    .toLowerCase()
    .split(',')
    .map((directive) => directive.trim())
    .filter((directive) => directive !== '');
  const levels = words.map((directive) => LOG_LEVELS.indexOf(levelWord(directive, text, source)));
  return LOG_LEVELS[Math.max(...levels)] ?? 'info';
}

function levelWord(directive: string, text: string, source: string): LogLevel {
  const word = WORD.exec(directive)?.[1] ?? directive;
  const known = LOG_LEVELS.find((level) => level === word || (level === 'warn' && word === 'warning'));
  if (known !== undefined) return known;
  throw new AfterokError(
    'bad-option',
    `${source} ${text}: expected ${LOG_LEVELS.join(', ')}; did you mean ${nearest(word, LOG_LEVELS)}?`,
  );
}

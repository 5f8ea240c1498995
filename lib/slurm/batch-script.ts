import { FormatError } from '../format-error.js';

export interface Directive {
  /** Counted from 1. */
  line: number;
  tokens: string[];
}

export interface BatchScript {
  /** What follows `#!`. */
  interpreter: string;
  directives: Directive[];
  /** It has a `#SBATCH hetjob` line: the directives before and behind it are those of different components. */
  hetjob: boolean;
}

/** sbatch takes `#SLURM` as well, with a complaint, and needs no space behind either. Indented it is a comment. */
const DIRECTIVE = /^#(?:SBATCH|SLURM)/;

const HETJOB = /^\s*(?:hetjob|packjob)\s*$/i;

/**
 * Reads the options in a batch script, and refuses what sbatch 22.05 refuses. It stops where sbatch does: at the first
 * line that is neither empty nor a comment. `#PBS` and `#BSUB` lines, which sbatch honours too unless told
 * `--ignore-pbs`, are passed over.
 *
 * The tokens of all lines are one argument list: an option at the end of a line takes its value from the next one.
 *
 * @throws FormatError that names the line
 */
export function readBatchScript(text: string): BatchScript {
  const lines = text.split('\n');
  checkScript(text, lines);
  const directives: Directive[] = [];
  let hetjob = false;
  for (const [index, content] of lines.entries()) {
    const magic = DIRECTIVE.exec(content)?.[0];
    if (magic === undefined) {
      if (/^[ \t\v\f\r]*(?:#|$)/.test(content)) continue;
      break;
    }
    const rest = content.slice(magic.length);
    if (HETJOB.test(rest)) hetjob = true;
    else directives.push({ line: index + 1, tokens: tokenize(rest, index + 1) });
  }
  return { interpreter: (lines[0] ?? '').slice(2).trim(), directives, hetjob };
}

/** The four refusals of sbatch, in its order. */
function checkScript(text: string, lines: readonly string[]): void {
  const first = lines[0] ?? '';
  if (text.trim() === '') throw new FormatError('batch script', text, 'more than empty lines');
  if (!first.startsWith('#!')) {
    throw new FormatError(
      lineName(1),
      first,
      '#! followed by the path to an interpreter, such as #!/bin/bash',
    );
  }
  refuse(lines, (line) => line.includes('\0'), 'no NUL character');
  refuse(
    lines.slice(0, -1),
    (line) => line.endsWith('\r'),
    'UNIX line ends (\\n) instead of DOS ones (\\r\\n)',
  );
}

/** Throws for the first line that is bad. */
function refuse(lines: readonly string[], bad: (line: string) => boolean, expected: string): void {
  const index = lines.findIndex(bad);
  if (index !== -1) throw new FormatError(lineName(index + 1), lines[index] ?? '', expected);
}

function lineName(line: number): string {
  return `batch script line ${line}`;
}

/**
 * A quoted part, an escaped character or a plain one. A backslash escapes inside both kinds of quotes; outside of them
 * it does not save white space from ending the word.
 */
const PIECE = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\\[^ \t\v\f\r]?|[^ \t\v\f\r#]/sy;

/**
 * Splits a line at the white space of C, as sbatch does, which is not as a shell does: `#` starts a comment even within
 * a word (`a#b` is `a`), `'a\'b'` is `a'b`, an empty `""` ends the line, and `:` at the start of a word is refused.
 */
function tokenize(text: string, line: number): string[] {
  const tokens: string[] = [];
  let position = 0;
  for (;;) {
    position += /^[ \t\v\f\r]*/.exec(text.slice(position))?.[0].length ?? 0;
    if (text[position] === ':') throw new FormatError(lineName(line), text, 'no ":" at the start of a word');
    const [token, end] = readToken(text, position, line);
    if (token === '') return tokens;
    tokens.push(token);
    position = end;
  }
}

function readToken(text: string, start: number, line: number): [token: string, end: number] {
  let token = '';
  PIECE.lastIndex = start;
  for (;;) {
    const end = PIECE.lastIndex;
    const piece = PIECE.exec(text)?.[0];
    if (piece === undefined) return [token, end];
    if (piece === '"' || piece === "'") throw new FormatError(lineName(line), text, `a closing ${piece}`);
    token += unquote(piece);
  }
}

function unquote(piece: string): string {
  const inner = piece[0] === '"' || piece[0] === "'" ? piece.slice(1, -1) : piece;
  return inner.replace(/\\(.?)/gs, '$1');
}

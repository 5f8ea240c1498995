import type { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** A terminal, or anything that text can be written to. */
export type ScreenStream = Writable & { isTTY?: boolean; columns?: number; rows?: number };

/** How text may look on a stream. */
export interface Display {
  columns: number;
  colour: boolean;
  unicode: boolean;
}

const DEFAULT_COLUMNS = 80;

/** What is no terminal has no width: text for a log is cut late. */
const LOG_COLUMNS = 120;

const DEFAULT_ROWS = 24;

/** NO_COLOR switches colour off and nothing else (no-color.org); block characters need a UTF-8 locale. */
export function displayOf(stream: ScreenStream, env: NodeJS.ProcessEnv): Display {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return {
    columns: stream.isTTY ? stream.columns || DEFAULT_COLUMNS : Number(env.COLUMNS) || LOG_COLUMNS,
    colour: stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
    unicode: /utf-?8/i.test(locale),
  };
}

const ESC = '\u001b[';
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
/** Without wrapping the terminal itself crops lines that are too long, colours and all. */
const NO_WRAP = `${ESC}?7l`;
const WRAP = `${ESC}?7h`;
const CLEAR_LINE = `${ESC}2K`;
const CLEAR_BELOW = `${ESC}J`;

/** Signals that end the process without an exit event. */
const FATAL_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Whoever listens for Ctrl-C ends the screen in good order. For the other signals a listener proves nothing: lock files
 * bring one that only clears up, and that leaves the process alive when there is a second one.
 */
function isOwned(signal: NodeJS.Signals): boolean {
  return signal === 'SIGINT' && process.listenerCount(signal) > 0;
}

/**
 * A block of text that is redrawn in place on a terminal; the last picture stays when it is closed. On a stream that is
 * no terminal it prints one summary line whenever that changes.
 */
export class LiveScreen {
  private readonly live: boolean;
  private render: () => string = () => '';
  private summary: string | null = null;
  /** Widths of the lines that stand on the terminal. */
  private drawn: number[] = [];
  private open = false;

  constructor(private readonly stream: ScreenStream) {
    this.live = stream.isTTY === true;
  }

  /**
   * @param render makes the text; called again when the terminal changes its size
   * @param summary what it says in one line
   */
  show(render: () => string, summary: string): void {
    if (!this.live) {
      if (summary !== this.summary) this.stream.write(`${summary}\n`);
      this.summary = summary;
      return;
    }
    this.render = render;
    if (!this.open) this.begin();
    this.draw();
  }

  /** Gives the terminal back; the picture stays. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    this.stream.off('resize', this.onResize);
    process.off('exit', this.onExit);
    for (const signal of FATAL_SIGNALS) process.off(signal, this.onSignal);
    this.stream.write(WRAP + SHOW_CURSOR);
    this.drawn = [];
  }

  private begin(): void {
    this.open = true;
    this.stream.on('resize', this.onResize);
    process.on('exit', this.onExit);
    for (const signal of FATAL_SIGNALS) if (!isOwned(signal)) process.on(signal, this.onSignal);
    this.stream.write(HIDE_CURSOR);
  }

  private draw(): void {
    const lines = this.crop(this.render().replace(/\n$/, '').split('\n'));
    const height = this.heightOfDrawn();
    const up = height > 0 ? `${ESC}${height}A\r` : '';
    const text = lines.map((line) => `${CLEAR_LINE}${line}\n`).join('');
    this.stream.write(`${NO_WRAP}${up}${text}${CLEAR_BELOW}${WRAP}`);
    this.drawn = lines.map((line) => Math.min(stripVTControlCharacters(line).length, this.columns));
  }

  private get columns(): number {
    return this.stream.columns || DEFAULT_COLUMNS;
  }

  /** What scrolled out of the terminal could not be drawn over again. The cursor needs the last row. */
  private crop(lines: string[]): string[] {
    const rows = Math.max(1, (this.stream.rows || DEFAULT_ROWS) - 1);
    if (lines.length <= rows) return lines;
    return [...lines.slice(0, rows - 1), `... ${lines.length - rows + 1} more lines`];
  }

  /** A terminal that became narrower has folded the lines that stand on it. */
  private heightOfDrawn(): number {
    const folded = this.drawn.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / this.columns)), 0);
    return Math.min(folded, (this.stream.rows || DEFAULT_ROWS) - 1);
  }

  private readonly onResize = (): void => this.draw();

  private readonly onExit = (): void => this.close();

  /** Ends as the signal would have, with the cursor back: it is raised again, for those who listen beside this. */
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    this.close();
    process.kill(process.pid, signal);
  };
}

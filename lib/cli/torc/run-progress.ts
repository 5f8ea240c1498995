import type { JobEvent, RunCounts } from '../../runner/options.js';

const ESC = '\u001b[';
const CLEAR_LINE = `\r${ESC}2K`;

/** Milliseconds between two pictures. */
const INTERVAL = 100;

/** What a stream of lines looks like to `RunProgress`; a terminal for the line that is drawn over. */
export interface ProgressStreams {
  /** Lines that stay. */
  news: { write: (text: string) => unknown };
  /** Where the line with the counts stands; null for none. */
  line: { write: (text: string) => unknown } | null;
}

/** Tells what becomes of jobs, a line each, and how many have ended in a line below that is drawn over. */
export class RunProgress {
  private counts: RunCounts | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly total: number,
    private readonly streams: ProgressStreams,
  ) {}

  onJob(event: JobEvent): void {
    const text = newsOf(event);
    if (text === null) return;
    this.streams.line?.write(CLEAR_LINE);
    this.streams.news.write(`${text}\n`);
    this.drawSoon();
  }

  onCounts(counts: RunCounts): void {
    this.counts = counts;
    this.drawSoon();
  }

  /** Takes the line away. */
  close(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.streams.line?.write(CLEAR_LINE);
  }

  /** A thousand short jobs are no thousand pictures. */
  private drawSoon(): void {
    if (this.streams.line === null || this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.counts !== null) this.streams.line?.write(CLEAR_LINE + countsText(this.counts, this.total));
    }, INTERVAL);
  }
}

/** `3 of 4 jobs: 2 completed, 1 failed, 1 running` */
function countsText(counts: RunCounts, total: number): string {
  const { running, retried: _again, ...ended } = counts;
  const done = Object.values(ended).reduce((sum, count) => sum + count, 0);
  return `${done} of ${total} jobs: ${listOf({ ...ended, running }, 'nothing yet')}`;
}

/** Counts that are not 0, with their names. @param none said when there are none */
export function listOf(counts: Readonly<Record<string, number>>, none: string): string {
  const there = Object.entries(counts).filter(([, count]) => count > 0);
  const words = there.map(([name, count]) => `${count} ${name.replace('pendingFailed', 'pending_failed')}`);
  return words.length === 0 ? none : words.join(', ');
}

/** A line for a job that has ended or is tried again; null for the rest. */
function newsOf(event: JobEvent): string | null {
  const who = `${event.name} (job ${event.jobId}`;
  switch (event.kind) {
    case 'started':
      return null;
    case 'retried':
      return `retrying   ${who}, return code ${event.returnCode}, attempt ${event.attempt})`;
    case 'ended': {
      const code = event.returnCode === 0 ? '' : `, return code ${event.returnCode}`;
      return `${event.status.padEnd(10)} ${who}${code}, ${event.seconds.toFixed(1)} s)`;
    }
  }
}

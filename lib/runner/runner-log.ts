import { appendFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { epochSeconds } from '../clock.js';
import { makeFolder } from '../make-folder.js';

/** What a runner tells of its work, line by line, in a file and to whoever listens. */
export class RunnerLog {
  private lines: string[] = [];

  /** @throws AfterokError when its folder cannot be made */
  constructor(
    readonly path: string,
    private readonly listen: (line: string) => void = () => {},
  ) {
    makeFolder(dirname(path));
  }

  info(text: string): void {
    this.write('INFO', text);
  }

  warn(text: string): void {
    this.write('WARN', text);
  }

  error(text: string): void {
    this.write('ERROR', text);
  }

  /** Lines are gathered within one turn of the event loop: a thousand short jobs are no thousand writes. */
  private write(level: string, text: string): void {
    const line = `${new Date(epochSeconds() * 1000).toISOString()} ${level} ${text}`;
    this.listen(line);
    if (this.lines.length === 0) setImmediate(() => this.flush());
    this.lines.push(line);
  }

  flush(): void {
    if (this.lines.length === 0) return;
    const text = `${this.lines.join('\n')}\n`;
    this.lines = [];
    appendFileSync(this.path, text);
  }
}

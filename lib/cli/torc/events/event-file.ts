import { closeSync, openSync, writeSync } from 'node:fs';
import { AfterokError } from '../../../errors.js';
import type { StreamedEvent } from '../../../wire/events.js';

/** A file to which events are appended, one JSON object a line. */
export class EventFile {
  private constructor(private readonly file: number) {}

  /** @throws AfterokError */
  static open(path: string): EventFile {
    try {
      return new EventFile(openSync(path, 'a'));
    } catch (error) {
      const reason = (error as Error).message;
      throw new AfterokError('bad-option', `cannot write --filename ${path}: ${reason}`, null, {
        cause: error,
      });
    }
  }

  append(event: StreamedEvent): void {
    writeSync(this.file, `${JSON.stringify(event)}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}

import { closeSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** Readable by the owner and the group. */
const MODE = 0o640;

export interface Rotation {
  /** Bytes after which a file is full. */
  size: number;
  /** How many full ones are kept. */
  files: number;
}

/**
 * A log file that is renamed to `FILE.1`, that one to `FILE.2` and so on, when it is full. Lines are on the disk's way
 * when `write` returns: what a server logs before it dies is there.
 */
export class RotatedFile {
  private handle: number;
  private written: number;
  /** Why the last line is missing, or the file has grown too long; a full disk must not end the server. */
  failure: Error | null = null;

  /** @throws the operating system's error when the file cannot be opened */
  constructor(
    private readonly path: string,
    private readonly rotation: Rotation,
  ) {
    this.handle = openSync(path, 'a', MODE);
    this.written = fstatSync(this.handle).size;
  }

  /** @param line with its line end; a line is never split over two files */
  write(line: string): void {
    const bytes = Buffer.from(line);
    this.failure = null;
    if (this.written > 0 && this.written + bytes.length > this.rotation.size)
      this.attempt(() => this.rotate());
    this.attempt(() => {
      this.written += writeSync(this.handle, bytes);
    });
  }

  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.failure = error as Error;
    }
  }

  close(): void {
    closeSync(this.handle);
  }

  /** When a rename fails, the file simply grows on. */
  private rotate(): void {
    const { files } = this.rotation;
    rmSync(this.numbered(files), { force: true });
    for (let number = files - 1; number >= 0; number -= 1) this.shift(number);
    const fresh = openSync(this.path, 'a', MODE);
    closeSync(this.handle);
    this.handle = fresh;
    this.written = fstatSync(fresh).size;
  }

  private shift(number: number): void {
    try {
      renameSync(this.numbered(number), this.numbered(number + 1));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  private numbered(number: number): string {
    return number === 0 ? this.path : `${this.path}.${number}`;
  }
}

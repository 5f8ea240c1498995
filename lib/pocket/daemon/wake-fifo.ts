import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';

/** The FIFO through which commands, supervisors and signals of the machine reach the daemon: one line each. */
export class WakeFifo {
  private socket: Socket | null = null;
  private rest = '';

  constructor(
    private readonly path: string,
    private readonly onLines: (lines: string[]) => void,
  ) {}

  /** From here on writers find a reader. */
  open(): void {
    // Open for writing as well: otherwise it ends with every writer that closes.
    const descriptor = openSync(this.path, constants.O_RDWR | constants.O_NONBLOCK);
    this.rest = '';
    this.socket = new Socket({ fd: descriptor, readable: true, writable: false });
    this.socket.setEncoding('utf8');
    this.socket.on('data', (text) => this.take(String(text)));
  }

  /** Resolves when writers no longer find a reader. */
  async close(): Promise<void> {
    const { socket } = this;
    this.socket = null;
    if (socket === null) return;
    await new Promise<void>((resolve) => {
      socket.once('close', () => resolve());
      socket.destroy();
    });
  }

  private take(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    if (lines.length > 0) this.onLines(lines);
  }
}

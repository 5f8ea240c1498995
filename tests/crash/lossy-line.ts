import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { BASE_PATH } from '../../lib/wire/endpoint.js';
import { stablePort } from '../stable-port.js';

/** What passes the line: a request on its way to the server, or an answer on its way back. */
export type Passage = 'request' | 'answer';

/** Where the line breaks: at so many passages of one kind from now. What passes then is lost. */
export interface Break {
  passage: Passage;
  number: number;
  onBreak: () => void;
}

/**
 * The way to a server. It can be cut while an answer is on it, which is the one moment that matters and that a kill by
 * the clock hardly ever hits: the server has done what it was asked for, and who asked does not know.
 */
export class LossyLine {
  private listener: Server | null = null;
  private readonly sockets = new Set<Socket>();
  private planned: Break | null = null;

  private constructor(
    private readonly target: number,
    private readonly port: number,
  ) {}

  static async open(target: number): Promise<LossyLine> {
    const line = new LossyLine(target, await stablePort());
    await line.open();
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}${BASE_PATH}`;
  }

  /** Connections are taken, always on the same port. */
  async open(): Promise<void> {
    const listener = createServer((socket) => this.join(socket));
    this.listener = listener.listen(this.port, '127.0.0.1');
    await once(listener, 'listening');
  }

  /** Connections end, and new ones are refused. */
  cut(): void {
    this.planned = null;
    this.listener?.close();
    this.listener = null;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  breakAt(planned: Break): void {
    this.planned = planned;
  }

  /** Takes back what was planned. */
  breakNowhere(): void {
    this.planned = null;
  }

  private join(near: Socket): void {
    const far = connect(this.target, '127.0.0.1');
    this.pass('request', near, far);
    this.pass('answer', far, near);
  }

  private pass(passage: Passage, from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (chunk) => {
      if (!this.breaksBy(passage)) to.write(chunk);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }

  private breaksBy(passage: Passage): boolean {
    const { planned } = this;
    if (planned?.passage !== passage) return false;
    planned.number -= 1;
    if (planned.number > 0) return false;
    this.cut();
    planned.onBreak();
    return true;
  }
}

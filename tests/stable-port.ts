import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below what Linux gives to connections by itself, ip_local_port_range, and above those of the test clusters. */
const FIRST = 24_000;
const END = 32_000;

/** A free port of 127.0.0.1 that nobody is given by chance while who listens there is away for a moment. */
export async function stablePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (END - FIRST));
    const server = createServer();
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
      return port;
    } catch {
      // Somebody else has it.
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

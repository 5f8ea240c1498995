import type { AddressInfo } from 'node:net';
import { buildServer } from '../../lib/server/app.js';
import { EventHub } from '../../lib/server/event-hub.js';
import { WorkflowDatabase } from '../../lib/store/workflows/database.js';

/** A server over the database that the argument names; prints its port, and ends with its input. */
const db = WorkflowDatabase.open(process.argv[2] as string);
const app = buildServer({
  ...{ db, events: new EventHub(), now: Date.now, version: 'bench', enforceAccessControl: false },
});
await app.listen({ host: '127.0.0.1', port: 0 });
console.log((app.server.address() as AddressInfo).port);
process.stdin.resume().on('end', async () => {
  await app.close();
  db.close();
});

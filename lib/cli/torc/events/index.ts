import type { TorcNode } from '../command.js';
import { deleteCommand } from '../record-command.js';
import { createEvent } from './create.js';
import { getLatestEvent } from './get-latest-event.js';
import { EVENT, shown } from './kind.js';
import { listEvents } from './list.js';
import { monitorEvents } from './monitor.js';

export const EVENT_COMMANDS: readonly TorcNode[] = [
  createEvent,
  listEvents,
  monitorEvents,
  getLatestEvent,
  deleteCommand(EVENT, async (client, id) => shown(await client.events.remove({ id }))),
];

import { EVENT, eventsAfter } from '../../store/workflows/events.js';
import { fieldEquals } from '../../store/workflows/table.js';
import type { Query } from '../../wire/endpoint.js';
import type { EVENTS, EventModel } from '../../wire/events.js';
import { ApiError } from '../api-error.js';
import type { Handlers } from '../handlers.js';
import { collectionHandlers } from './collection.js';
import { existing } from './existing.js';

const NOUN = 'Event';

const PLAIN = collectionHandlers<EventModel, Query<typeof EVENTS.list>>({
  table: EVENT,
  noun: NOUN,
  conditions: ({ category, after_timestamp: after }) => [
    fieldEquals('data', 'category', category),
    eventsAfter(after),
  ],
});

export const eventHandlers: Handlers<typeof EVENTS> = {
  ...PLAIN,
  create: ({ body }, context) => PLAIN.create({ body: { ...body, timestamp: context.now() } }, context),
  update({ params, body: data }, context) {
    existing(context, EVENT, NOUN, params.id);
    if (data === null)
      throw new ApiError(422, "an event's data cannot be null", { field: 'data', value: null });
    return EVENT.update(context.db, params.id, { data });
  },
};

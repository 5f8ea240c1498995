import { openApiDocument } from '../../wire/openapi.js';
import type { SYSTEM } from '../../wire/system.js';
import type { Handlers } from '../handlers.js';

export const systemHandlers: Handlers<typeof SYSTEM> = {
  ping: () => ({ status: 'ok' }),
  health(_request, { db }) {
    db.check();
    return { status: 'ok' };
  },
  version: (_request, { version }) => version,
  openApi: (_request, { version }) => openApiDocument(version),
};

import type { ApiHandlers } from '../handlers.js';
import { fileHandlers } from './files.js';

/** Every operation's handler. */
export const HANDLERS: Partial<ApiHandlers> = { files: fileHandlers };

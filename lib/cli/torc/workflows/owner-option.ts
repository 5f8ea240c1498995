import { text } from '../../tree/option.js';

/** Older scripts name the owner at the command itself. */
export const OWNER_OPTION = { user: text('Whose it is; you unless given', { alias: 'u', value: 'NAME' }) };

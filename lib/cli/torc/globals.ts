import type { Values } from '../tree/command.js';
import { choice, flag, path, text } from '../tree/option.js';

/** Options of every command, before and after its name. */
export const GLOBALS = {
  'log-level': choice('How much is said on stderr', ['error', 'warn', 'info', 'debug', 'trace']),
  format: choice('Output format; table unless configured otherwise', ['table', 'json'], { alias: 'f' }),
  url: text('Address of the server: http://HOST:PORT/torc-service/v1 [env: TORC_API_URL]', { value: 'URL' }),
  username: text('Who you are to the server [env: TORC_USERNAME, else USER]', { value: 'NAME' }),
  password: text('Password; visible to others in the list of processes [env: TORC_PASSWORD]', {
    value: 'PASSWORD',
  }),
  'prompt-password': flag('Ask for the password'),
  standalone: flag('Start a server of your own for this command, over --database'),
  database: path('Database of --standalone; ./torc.db unless given'),
  'skip-version-check': flag("Do not compare versions with the server's"),
  debug: flag('Show where an error comes from'),
};

export type GlobalValues = Values<typeof GLOBALS>;

import { AfterokError } from '../../errors.js';
import { command } from './command.js';

export const ping = command({
  name: 'ping',
  summary: 'Ask whether the server answers',
  examples: [{ text: 'Is there a server?', command: 'torc ping' }],
  async run(_values, session) {
    try {
      await (await session.client()).system.ping();
    } catch (error) {
      if (!(error instanceof AfterokError) || error.code === 'interrupted') throw error;
      const { message, hint } = error;
      session.show({ status: 'error', message }, () => '');
      session.fail(hint === null ? message : `${message} (${hint})`);
      return 1;
    }
    session.show({ status: 'Server is running' }, () => 'Server is running\n');
    return 0;
  },
});

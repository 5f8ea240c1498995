import { connect } from '../../client/client.js';
import { ServerUnreachableError } from '../../client/client-errors.js';
import { command } from './command.js';

export const ping = command({
  name: 'ping',
  summary: 'Ask whether the server answers',
  examples: [{ text: 'Is there a server?', command: 'torc ping' }],
  async run(_values, session) {
    try {
      const client = session.globals.standalone ? await session.client() : connect(session.url);
      session.atEnd(async () => client.close());
      await client.system.ping();
    } catch (error) {
      if (!(error instanceof ServerUnreachableError)) throw error;
      const { message } = error;
      session.show({ status: 'error', message }, () => '');
      session.fail(`${message} (${error.hint})`);
      return 1;
    }
    session.show({ status: 'Server is running' }, () => 'Server is running\n');
    return 0;
  },
});

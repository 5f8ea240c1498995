import { configPlaces } from '../../config-files/places.js';
import { choice } from '../../tree/option.js';
import { command } from '../command.js';

export const showConfig = command({
  name: 'show',
  summary: 'Show the settings that are in force, defaults included',
  options: {
    format: choice('Output format; toml unless said otherwise', ['toml', 'json', 'table'], { alias: 'f' }),
  },
  examples: [
    { text: 'What counts here', command: 'torc config show' },
    { text: 'Which server is asked', command: 'torc config show -f json | jq -r .client.api_url' },
  ],
  async run({ format }, session) {
    const [{ stringify }, { loadConfiguration }] = await Promise.all([
      import('smol-toml'),
      import('../../config-files/load.js'),
    ]);
    const { settings } = loadConfiguration(configPlaces(process.env, process.cwd()), process.env);
    const isJson = (format ?? session.globals.format) === 'json';
    process.stdout.write(`${isJson ? JSON.stringify(settings, null, 2) : stringify(settings).trim()}\n`);
  },
});

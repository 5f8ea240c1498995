import { existsSync } from 'node:fs';
import { configPlaces, FILE_LAYERS } from '../../config-files/places.js';
import { command } from '../command.js';
import { printResult } from './print.js';

const TITLES = { system: 'System:', user: 'User:', local: 'Local:' } as const;

export const configPathsCommand = command({
  name: 'paths',
  summary: 'Show where configuration files are looked for',
  examples: [{ text: 'Which files count here', command: 'torc config paths' }],
  async run(_values, session) {
    const places = configPlaces(process.env, process.cwd());
    const files = FILE_LAYERS.map((layer) => ({
      layer,
      path: places[layer],
      exists: existsSync(places[layer]),
    }));
    const result = Object.fromEntries(files.map(({ layer, path, exists }) => [layer, { path, exists }]));
    printResult(session, result, () => render(files));
  },
});

function render(files: readonly { layer: keyof typeof TITLES; path: string; exists: boolean }[]): string {
  const lines = files.map(({ layer, path, exists }) => {
    return `  ${TITLES[layer].padEnd(8)} ${path} (${exists ? 'exists' : 'not found'})`;
  });
  const none = files.some(({ exists }) => exists)
    ? []
    : ['', "No configuration files found. Run 'torc config init --user' to create one."];
  return [
    'Configuration file paths (in priority order):',
    '',
    ...lines,
    '',
    'Environment variables (highest priority):',
    '  Use double underscore (__) to separate nested keys:',
    '    TORC_CLIENT__API_URL, TORC_CLIENT__FORMAT, TORC_SERVER__PORT, etc.',
    ...none,
    '',
  ].join('\n');
}

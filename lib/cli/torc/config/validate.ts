import { configPlaces } from '../../config-files/places.js';
import type { Validation } from '../../config-files/validation.js';
import { command } from '../command.js';
import { printResult } from './print.js';

export const validateConfig = command({
  name: 'validate',
  summary: 'Check configuration files and TORC_ variables; exit code 1 when something is wrong',
  examples: [{ text: 'Is everything spelt right?', command: 'torc config validate' }],
  async run(_values, session) {
    const { validateConfiguration } = await import('../../config-files/validation.js');
    const validation = validateConfiguration(configPlaces(process.env, process.cwd()), process.env);
    const { errors, warnings } = validation;
    printResult(session, { valid: errors.length === 0, errors, warnings }, () => render(validation));
    return errors.length === 0 ? 0 : 1;
  },
});

function render({ configuration, errors, warnings }: Validation): string {
  const problems = [...errors.map((text) => `Error: ${text}`), ...warnings.map((text) => `Warning: ${text}`)];
  const lines = ['Validating configuration...', ''];
  if (configuration === null)
    return [...lines, ...problems, '', 'Configuration is not valid.', ''].join('\n');
  const { settings, files, environment } = configuration;
  const sources = [...files.map(({ path }) => path), ...environment.map(({ variable }) => variable)];
  const loaded =
    sources.length === 0
      ? ['No configuration files or variables: defaults alone']
      : ['Loading configuration from:', ...sources.map((source) => `  - ${source}`)];
  return [
    ...lines,
    ...loaded,
    '',
    ...(problems.length === 0 ? [] : [...problems, '']),
    'Configuration is valid.',
    '',
    'Key settings:',
    `  client.api_url = ${settings.client.api_url}`,
    `  client.format = ${settings.client.format}`,
    `  server.port = ${settings.server.port}`,
    `  dash.port = ${settings.dash.port}`,
    '',
  ].join('\n');
}

import { AfterokError } from '../../errors.js';
import { SchemaErrors } from '../../schema-file.js';
import { misspeltVariables } from './environment.js';
import { type Configuration, loadConfiguration } from './load.js';
import { type ConfigPlaces, FILE_LAYERS } from './places.js';

/** What `torc config validate` found: one line each. */
export interface Validation {
  /** Null when something is wrong. */
  configuration: Configuration | null;
  errors: string[];
  warnings: string[];
}

/** Checks files and environment; what is wrong with one of them hides nothing of the others. */
export function validateConfiguration(places: ConfigPlaces, env: NodeJS.ProcessEnv): Validation {
  const nowhere = { system: '', user: '', local: '' };
  const parts = [
    ...FILE_LAYERS.map((layer) => () => loadConfiguration({ ...nowhere, [layer]: places[layer] }, {})),
    ...Object.entries(env).map(
      ([name, value]) =>
        () =>
          loadConfiguration(nowhere, { [name]: value }),
    ),
  ];
  const errors = parts.flatMap(complaints);
  const configuration = errors.length === 0 ? loadConfiguration(places, env) : null;
  const misspelt = misspeltVariables(env).map(
    ({ variable, meant }) => `${variable} is not read; did you mean ${meant}?`,
  );
  const warnings = configuration === null ? misspelt : [...misspelt, ...doubtful(configuration)];
  return { configuration, errors, warnings };
}

function complaints(load: () => Configuration): string[] {
  try {
    load();
    return [];
  } catch (error) {
    if (error instanceof SchemaErrors) return [error, ...error.others].map(({ message }) => message);
    if (error instanceof AfterokError) return [error.message];
    throw error;
  }
}

/** What is allowed and yet will not do what was meant. */
function doubtful({ settings: { server } }: Configuration): string[] {
  const warnings = [];
  if (server.require_auth && server.auth_file === undefined)
    warnings.push('server.require_auth is true but there is no server.auth_file: torc-server will not start');
  if (server.https && (server.tls_key === undefined || server.tls_cert === undefined))
    warnings.push(
      'server.https is true but tls_key and tls_cert are not both given: torc-server will not start',
    );
  return warnings;
}

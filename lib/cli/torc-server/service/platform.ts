import type { ServiceDefinition } from './definition.js';
import { launchd } from './launchd.js';
import type { ServiceManager } from './manager.js';
import { systemd } from './systemd.js';

/** The manager of a platform; null where there is none that we know. */
export function serviceManager(
  platform: NodeJS.Platform,
  definition: ServiceDefinition,
  env: NodeJS.ProcessEnv,
): ServiceManager | null {
  if (platform === 'linux') return systemd(definition, env);
  if (platform === 'darwin') return launchd(definition);
  return null;
}

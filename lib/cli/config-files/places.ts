import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Configuration files by what they are for, the weakest first. */
export const FILE_LAYERS = ['system', 'user', 'local'] as const;
export type FileLayer = (typeof FILE_LAYERS)[number];

/** Where the configuration files are. */
export type ConfigPlaces = Readonly<Record<FileLayer, string>>;

/** @param cwd in which torc.toml belongs to the project */
export function configPlaces(env: NodeJS.ProcessEnv, cwd: string, platform = process.platform): ConfigPlaces {
  return {
    system: '/etc/torc/config.toml',
    user: join(userFolder(env, platform), 'torc/config.toml'),
    local: resolve(cwd, 'torc.toml'),
  };
}

function userFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const home = env.HOME || homedir();
  if (platform === 'darwin') return join(home, 'Library/Application Support');
  return env.XDG_CONFIG_HOME || join(home, '.config');
}

import { loadConfiguration } from '../config-files/load.js';
import { configPlaces } from '../config-files/places.js';
import type { LogLevel } from '../config-files/settings.js';
import { parseLogLevel } from '../log-level.js';

/** What the commands take from configuration and environment, below the options of the command line. */
export interface ClientSettings {
  /** Of the server, with the base path. */
  apiUrl: string;
  /** Whether somebody has chosen that address; otherwise it is the default. */
  isApiUrlChosen: boolean;
  format: 'table' | 'json';
  logLevel: LogLevel;
  username: string;
  /** Whether TORC_USERNAME names him: somebody who says so has a password. */
  isUsernameChosen: boolean;
  password: string | undefined;
  run: RunSettings;
}

export interface RunSettings {
  /** Seconds. */
  pollInterval: number;
  outputDir: string;
  maxParallelJobs: number | undefined;
  numCpus: number | undefined;
  memoryGb: number | undefined;
  numGpus: number | undefined;
}

/**
 * Settings of an environment and of the configuration files that hold in a folder. Variables without a section
 * (TORC_API_URL, TORC_USERNAME, TORC_PASSWORD, RUST_LOG) go over those with one, and these over the files. An empty
 * variable is as good as none.
 *
 * @throws AfterokError for a configuration that is not as it must be
 */
export function clientSettings(
  env: NodeJS.ProcessEnv = process.env,
  places = configPlaces(env, process.cwd()),
): ClientSettings {
  const { settings, origin } = loadConfiguration(places, env);
  const { client } = settings;
  const { run } = client;
  return {
    apiUrl: env.TORC_API_URL || client.api_url,
    isApiUrlChosen: Boolean(env.TORC_API_URL) || origin('client.api_url') !== null,
    format: client.format,
    logLevel: env.RUST_LOG ? parseLogLevel(env.RUST_LOG, 'RUST_LOG') : client.log_level,
    username: env.TORC_USERNAME || client.username || env.USER || env.USERNAME || 'unknown',
    isUsernameChosen: Boolean(env.TORC_USERNAME),
    password: env.TORC_PASSWORD || undefined,
    run: {
      pollInterval: run.poll_interval,
      outputDir: run.output_dir,
      maxParallelJobs: run.max_parallel_jobs,
      numCpus: run.num_cpus,
      memoryGb: run.memory_gb,
      numGpus: run.num_gpus,
    },
  };
}

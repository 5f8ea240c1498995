/** What the commands take from configuration and environment, below the options of the command line. */
export interface ClientSettings {
  /** Of the server, with the base path. */
  apiUrl: string;
  /** Whether somebody has chosen that address; otherwise it is the default. */
  isApiUrlChosen: boolean;
  format: string;
  username: string;
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

const DEFAULT_URL = 'http://localhost:8080/torc-service/v1';

/** Settings of this process's environment. */
export function clientSettings(env: NodeJS.ProcessEnv = process.env): ClientSettings {
  const chosen = env.TORC_API_URL ?? env.TORC_CLIENT__API_URL;
  return {
    apiUrl: chosen ?? DEFAULT_URL,
    isApiUrlChosen: chosen !== undefined,
    format: env.TORC_CLIENT__FORMAT ?? 'table',
    username: env.TORC_USERNAME ?? env.USER ?? env.USERNAME ?? 'unknown',
    password: env.TORC_PASSWORD,
    run: {
      ...{ pollInterval: 5, outputDir: 'output' },
      ...{ maxParallelJobs: undefined, numCpus: undefined, memoryGb: undefined, numGpus: undefined },
    },
  };
}

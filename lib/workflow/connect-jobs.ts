import type { Expanded } from './expand-items.js';
import type { KnownNames } from './known-names.js';
import type { WorkflowFile, WorkflowJob, WorkflowUserData } from './model.js';
import type { Problems } from './problems.js';
import type { JobSpec } from './spec.js';
import { replaceVariables, shellCompleted, type Variable } from './variables.js';

/** What jobs name. */
export interface Nameable {
  jobs: KnownNames;
  files: KnownNames;
  user_data: KnownNames;
  resourceRequirements: KnownNames;
  failureHandlers: KnownNames;
  schedulers: KnownNames;
}

/** The five lists of a job, each of names and of patterns over them. */
const CONNECTIONS = {
  outputFiles: { names: 'output_files', patterns: 'output_file_regexes', kind: 'files', said: 'Output file' },
  outputUserData: {
    names: 'output_user_data',
    patterns: 'output_user_data_regexes',
    kind: 'user_data',
    said: 'Output user data',
  },
  inputFiles: { names: 'input_files', patterns: 'input_file_regexes', kind: 'files', said: 'Input file' },
  inputUserData: {
    names: 'input_user_data',
    patterns: 'input_user_data_regexes',
    kind: 'user_data',
    said: 'Input user data',
  },
  dependsOn: { names: 'depends_on', patterns: 'depends_on_regexes', kind: 'jobs', said: 'Blocking job' },
} as const;

type Connection = keyof typeof CONNECTIONS;
const CONNECTION_KEYS = Object.keys(CONNECTIONS) as Connection[];

type Connected = Record<Connection, Set<string>>;

/** Where a variable adds its name to. */
const LIST_OF_VARIABLE: Record<Variable['kind'], Record<Variable['direction'], Connection>> = {
  files: { input: 'inputFiles', output: 'outputFiles' },
  user_data: { input: 'inputUserData', output: 'outputUserData' },
};

/** Resolves what jobs say about each other, files and data into names that exist. */
export class JobConnector {
  private readonly paths: ReadonlyMap<string, string>;
  private readonly data: ReadonlyMap<string, unknown>;

  constructor(
    private readonly known: Nameable,
    files: readonly WorkflowFile[],
    userData: readonly WorkflowUserData[],
    private readonly problems: Problems,
  ) {
    this.paths = new Map(files.map(({ name, path }) => [name, path]));
    this.data = new Map(userData.map(({ name, data }) => [name, data]));
  }

  connect(expanded: Expanded<JobSpec>): WorkflowJob {
    const { item: job } = expanded;
    this.checkReferences(expanded);
    const connected = this.lists(expanded);
    const command = this.substituted(expanded, 'command', connected) ?? '';
    const invocationScript = this.substituted(expanded, 'invocation_script', connected);
    return {
      name: job.name,
      command,
      invocationScript,
      cancelOnBlockingJobFailure: job.cancel_on_blocking_job_failure ?? true,
      supportsTermination: job.supports_termination ?? false,
      resourceRequirements: job.resource_requirements ?? null,
      failureHandler: job.failure_handler ?? null,
      scheduler: job.scheduler ?? null,
      dependsOn: [...connected.dependsOn],
      inputFiles: [...connected.inputFiles],
      outputFiles: [...connected.outputFiles],
      inputUserData: [...connected.inputUserData],
      outputUserData: [...connected.outputUserData],
    };
  }

  private checkReferences({ item: job, path }: Expanded<JobSpec>): void {
    const references = [
      ['resource_requirements', this.known.resourceRequirements],
      ['failure_handler', this.known.failureHandlers],
      ['scheduler', this.known.schedulers],
    ] as const;
    for (const [key, names] of references) {
      const name = job[key];
      if (name !== undefined) names.check(name, [...path, key], `Job '${job.name}' references`);
    }
  }

  private lists(expanded: Expanded<JobSpec>): Connected {
    const connected = emptyLists();
    for (const key of CONNECTION_KEYS) {
      this.addNames(expanded, key, connected[key]);
      this.addMatches(expanded, key, connected);
    }
    return connected;
  }

  private addNames({ item: job, path }: Expanded<JobSpec>, key: Connection, list: Set<string>): void {
    const { names, kind } = CONNECTIONS[key];
    const verb = key === 'dependsOn' ? names : `${names} references`;
    for (const name of job[names] ?? []) {
      this.known[kind].check(name, [...path, names], `Job '${job.name}' ${verb}`);
      list.add(name);
    }
  }

  /** A job never matches itself, nor what it writes itself: it would wait for its own end. */
  private addMatches({ item: job, path }: Expanded<JobSpec>, key: Connection, connected: Connected): void {
    const { patterns, kind, said } = CONNECTIONS[key];
    const own = ownNames(job, key, connected);
    for (const pattern of job[patterns] ?? []) {
      const place = [...path, patterns];
      const matches = this.known[kind].matching(pattern, place, `Job '${job.name}' ${patterns}: `);
      if (matches === null) continue;
      const others = matches.filter((name) => !own.has(name));
      for (const name of others) connected[key].add(name);
      const what = key === 'dependsOn' ? 'jobs' : 'names';
      if (others.length > 0) continue;
      this.problems.add(place, `${said} regex '${pattern}' did not match any ${what} for job '${job.name}'`);
    }
  }

  private substituted(
    { item: job, path }: Expanded<JobSpec>,
    key: 'command' | 'invocation_script',
    connected: Connected,
  ): string | null {
    const text = job[key];
    if (text === undefined) return null;
    return replaceVariables(text, (variable) => {
      const list = connected[LIST_OF_VARIABLE[variable.kind][variable.direction]];
      const found = this.meant(variable);
      if (found === null) {
        this.known[variable.kind].check(variable.name, [...path, key], `Job '${job.name}' ${key} references`);
        return '';
      }
      for (const name of found.names) list.add(name);
      return found.text;
    });
  }

  /** The names that a variable is about, and what stands in its place; null when there is none. */
  private meant({ kind, name }: Variable): { names: string[]; text: string } | null {
    const path = this.paths.get(name);
    if (kind === 'files') return path === undefined ? null : { names: [name], text: path };
    if (this.data.has(name)) return { names: [name], text: dataText(this.data.get(name), name) };
    // The names of data that come to be later: which one, the shell knows at run time.
    const completed = shellCompleted(name);
    if (completed === null) return null;
    const names = this.known.user_data.all.filter(
      (one) => completed.test(one) && !hasData(this.data.get(one)),
    );
    return names.length === 0 ? null : { names, text: name };
  }
}

function emptyLists(): Connected {
  return {
    outputFiles: new Set(),
    outputUserData: new Set(),
    inputFiles: new Set(),
    inputUserData: new Set(),
    dependsOn: new Set(),
  };
}

function ownNames(job: JobSpec, key: Connection, connected: Connected): ReadonlySet<string> {
  switch (key) {
    case 'dependsOn':
      return new Set([job.name]);
    case 'inputFiles':
      return connected.outputFiles;
    case 'inputUserData':
      return connected.outputUserData;
    default:
      return new Set();
  }
}

function hasData(data: unknown): boolean {
  return data !== undefined && data !== null;
}

/** The data as JSON, or, while there is none, the name, with which `torc user-data get` and `update` find it. */
function dataText(data: unknown, name: string): string {
  return hasData(data) ? JSON.stringify(data) : name;
}

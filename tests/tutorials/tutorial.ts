import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { jobStdio } from '../../lib/report/run-files.js';
import { startServer } from './server-process.js';
import { type Said, Shell } from './shell.js';

/** Why tutorials cannot be followed here; false when they can. */
export const skip = missingProgram(['jq', 'curl']);

/** The machine that a tutorial takes for granted. */
export interface Machine {
  cpus: number;
  memoryGb: number;
  gpus: number;
  /** What stands in a folder of the test instead; `/tmp` unless said otherwise. */
  folders?: readonly string[];
  /** Programs that are otherwise on it, or not there at all: name and bash text. */
  standIns?: Readonly<Record<string, string>>;
}

const SMALL: Machine = { cpus: 2, memoryGb: 4, gpus: 0 };
const COMMANDS = 'commands.sh';

/**
 * A tutorial as its reader follows it: the files that he saves and the commands that he types, word by word, with a server
 * in a folder of his own. Three things are other than printed: `/tmp` is a folder of the test, so that runs do not meet;
 * the server's port is one that is free; `<workflow_id>` is the number that the reader sees.
 */
export class Tutorial {
  private constructor(
    readonly folder: string,
    private readonly shell: Shell,
    private readonly steps: ReadonlyMap<string, string>,
  ) {}

  /** @param name of the folder with the files that the reader saves, and its `commands.sh` */
  static async open(t: Test, name: string, machine: Machine = SMALL): Promise<Tutorial> {
    const { folders = ['/tmp'] } = machine;
    const own = Object.fromEntries(folders.map((path) => [path.slice(1), {}]));
    const folder = t.testdir({ ...own, home: {}, bin: {}, 'torc.toml': configuration(machine) });
    installPrograms(join(folder, 'bin'), machine.standIns ?? {});
    const { PATH, LANG } = process.env;
    const env = { PATH: `${folder}/bin:${PATH}`, LANG, HOME: `${folder}/home`, USER: 'alice' };
    const port = await startServer(t, folder, env);
    const adapted = (file: string) =>
      readFileSync(join(PACKAGE_ROOT, 'tests/tutorials', name, file), 'utf8')
        .replaceAll(/(?<=[ ="])\/\w+(?=[/ \n])/g, (path) => (folders.includes(path) ? folder + path : path))
        .replaceAll(/localhost:8080|localhost:8100/g, `localhost:${port}`)
        .replaceAll('<workflow_id>', '1');
    for (const file of readdirSync(join(PACKAGE_ROOT, 'tests/tutorials', name))) {
      if (file !== COMMANDS) writeFileSync(join(folder, file), adapted(file));
    }
    const url = `http://localhost:${port}/torc-service/v1`;
    const shell = new Shell(t, folder, { ...env, TORC_API_URL: url });
    return new Tutorial(folder, shell, stepsOf(adapted(COMMANDS)));
  }

  /** Types the commands of a step. */
  async step(title: string): Promise<Said> {
    const commands = this.steps.get(title);
    if (commands === undefined) throw new Error(`the tutorial has no step ${title}`);
    return await this.shell.run(commands);
  }

  /** Types something that the tutorial does not have. */
  async type(commands: string): Promise<Said> {
    return await this.shell.run(commands);
  }

  /** The same, for what prints JSON. */
  async json(command: string): Promise<unknown> {
    const { code, stdout, stderr } = await this.type(command);
    if (code !== 0) throw new Error(`${command}: exit code ${code}: ${stderr}`);
    return JSON.parse(stdout);
  }

  /** What a job of workflow 1 printed in its first run. */
  stdoutOfJob(id: number): string {
    const name = { workflow: 1, job: id, run: 1, attempt: 1 };
    return readFileSync(jobStdio(join(this.folder, 'output'), name).stdout, 'utf8');
  }
}

function missingProgram(names: readonly string[]): string | false {
  const folders = (process.env.PATH ?? '').split(':');
  const missing = names.find((name) => !folders.some((folder) => existsSync(join(folder, name))));
  return missing === undefined ? false : `${missing} is not on this machine`;
}

function configuration({ cpus, memoryGb, gpus }: Machine): string {
  const run = [`num_cpus = ${cpus}`, `memory_gb = ${memoryGb}.0`, `num_gpus = ${gpus}`];
  return ['[client.run]', ...run, ''].join('\n');
}

/** `torc`, `torc-server` and what stands in for other programs. */
function installPrograms(folder: string, standIns: Readonly<Record<string, string>>): void {
  mkdirSync(folder, { recursive: true });
  const ours = ['torc', 'torc-server'].map((name) => {
    const script = join(PACKAGE_ROOT, 'dist/bin', `${name}.js`);
    // tap has every Node process load its hooks; the programs under test shall be as they are.
    return [name, `unset NODE_OPTIONS\nexec '${process.execPath}' '${script}' "$@"`] as const;
  });
  for (const [name, text] of [...ours, ...Object.entries(standIns)]) {
    writeFileSync(join(folder, name), `#!/bin/bash\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
}

/** Lines `#: Title` divide the commands into steps. */
function stepsOf(commands: string): Map<string, string> {
  const parts = commands.split(/^#: /m).slice(1);
  return new Map(
    parts.map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)];
    }),
  );
}

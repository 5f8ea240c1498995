import { readdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { TrackerPaths } from '../../chain/paths.js';
import { AfterokError, hasErrno } from '../../errors.js';
import { scancelUser } from '../../slurm/scancel.js';
import { purgeTestClusterHistory, testClusterState } from '../../slurm/test-cluster.js';
import { renderHelp } from '../help.js';
import { trackerOf } from '../mem-escalate/tracker.js';
import { parseArguments } from '../parse.js';
import { CLEAN_SLURM } from './spec.js';

/** One thing that is thrown away. */
interface Removal {
  text: string;
  run: () => void | Promise<void>;
}

/** Cancels the person's jobs and removes outputs, tracker and history, after asking. */
export async function cleanSlurm(argv: string[]): Promise<number> {
  const args = parseArguments(CLEAN_SLURM, argv);
  if (args.has('help')) {
    process.stdout.write(renderHelp(CLEAN_SLURM));
    return 0;
  }
  const removals = plan(resolve(args.text('outputs') ?? '.'), trackerOf(args), process.env);
  for (const { text } of removals) console.log(args.has('dry-run') ? `would ${text}` : text);
  if (args.has('dry-run')) return 0;
  if (!args.has('yes') && !(await confirmed())) return 1;
  for (const { run } of removals) await run();
  console.log('done');
  return 0;
}

function plan(outputs: string, tracker: TrackerPaths, env: NodeJS.ProcessEnv): Removal[] {
  const { username } = userInfo();
  const files = outputFiles(outputs);
  const state = testClusterState(env);
  return [
    { text: `cancel all jobs of ${username}`, run: () => scancelUser(username, env) },
    {
      text: `remove ${files.length} output files of ${outputs}`,
      run: () => {
        for (const file of files) rmSync(file, { force: true });
      },
    },
    {
      text: `clear the tracker ${tracker.tracker}`,
      run: () => {
        for (const path of [tracker.checkpoints, tracker.chains, tracker.database]) {
          rmSync(path, { recursive: true, force: true });
        }
      },
    },
    ...(state === null
      ? []
      : [{ text: 'empty the job history of the test cluster', run: () => purgeTestClusterHistory(state) }]),
  ];
}

function outputFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.out'))
      .map((name) => join(folder, name));
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENOTDIR'))
      throw new AfterokError('bad-option', `--outputs ${folder}: no such folder`);
    throw error;
  }
}

async function confirmed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new AfterokError('bad-option', 'nobody to ask: add --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question('Do this? [y/N] ')).trim());
  } finally {
    terminal.close();
  }
}

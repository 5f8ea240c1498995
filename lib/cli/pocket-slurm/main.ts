import { existsSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AfterokError } from '../../errors.js';
import { clearFaults, FAULTS, type FaultName, fault, setFaults } from '../../pocket/commands/faults.js';
import { POCKET_PROGRAMS } from '../../pocket/commands/programs.js';
import { daemonFolder } from '../../pocket/daemon/folder.js';
import { daemonProcess, startDaemon, stopDaemon, wakeDaemon } from '../../pocket/daemon/wake.js';
import { Refusal, UsageRefusal } from '../../pocket/refusal.js';
import { cancel, loseNode, restoreNode } from '../../pocket/scheduler/control.js';
import { stateFolder } from '../../pocket/state/folder.js';
import { nodeRows, tasks } from '../../pocket/state/queries.js';
import { PocketState } from '../../pocket/state/state.js';
import { renderHelp } from '../help.js';
import { type ParsedArguments, parseArguments } from '../parse.js';
import { POCKET_SLURM } from './spec.js';

type Verb = (words: readonly string[], args: ParsedArguments) => Promise<number>;

const VERBS: Readonly<Record<string, Verb>> = {
  start: () => withState(start),
  stop: async () => await stop(),
  status: (_, args) => withState((state) => status(state, args.text('format') === 'json')),
  reset: async () => await reset(),
  env: async () => printEnv(),
  'lose-node': (words) => withState((state) => eachNode(state, words, loseNode)),
  'restore-node': (words) => withState((state) => eachNode(state, words, restoreNode)),
  fault: (words, args) => withState((state) => changeFaults(state, words, args.has('clear'))),
};

/** How long `stop` waits for cancelled jobs to end: KillWait is 30 s by default. */
const END_PATIENCE = 60;

/** pocket-slurm: starts, stops and shows the embedded scheduler. */
export async function pocketSlurm(argv: string[]): Promise<number> {
  const args = parseArguments(POCKET_SLURM, argv);
  const [word, ...rest] = args.positionals;
  if (args.has('help') || word === undefined) {
    process.stdout.write(renderHelp(POCKET_SLURM));
    return 0;
  }
  const verb = Object.hasOwn(VERBS, word) ? VERBS[word] : undefined;
  if (verb === undefined) {
    const known = Object.keys(VERBS).join(', ');
    throw new AfterokError('bad-option', `unknown command ${word}: expected one of ${known}`);
  }
  try {
    return await verb(rest, args);
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof UsageRefusal)) throw error;
    throw new AfterokError('bad-option', error.message.replace(/^error: /, ''), null, { cause: error });
  }
}

async function withState(work: (state: PocketState) => Promise<number> | number): Promise<number> {
  const state = await PocketState.open(process.env);
  try {
    return await work(state);
  } finally {
    state.close();
  }
}

async function start({ folder }: PocketState): Promise<number> {
  if (folder === null) throw new Error('a state in memory has no daemon');
  if (daemonProcess(folder) === null) startDaemon(folder);
  for (let looks = 0; daemonProcess(folder) === null && looks < 200; looks += 1) await sleep(25);
  const pid = daemonProcess(folder);
  if (pid === null)
    throw new AfterokError('pocket-unusable', `the daemon did not start: see ${folder}/daemon.log`);
  console.log(`pocket Slurm runs: pid ${pid}, state in ${folder}`);
  return 0;
}

/** Whether there is a state to speak of; asking must not make one. */
function madeState(): boolean {
  return existsSync(`${stateFolder(process.env)}/state.db`);
}

async function stop(): Promise<number> {
  if (!madeState()) return 0;
  return await withState(async (state) => {
    const live = () => tasks(state, 'controller', { states: ['PENDING', 'RUNNING'] }, state.clock.now());
    const targets = [...new Set(live().map(({ job }) => job))].map((job) => ({ job, index: null }));
    cancel(state, targets, { uid: process.getuid?.() ?? 0, now: state.clock.now() });
    wakeDaemon(state);
    const deadline = Date.now() + END_PATIENCE * 1000;
    while (live().length > 0 && Date.now() < deadline) await sleep(25);
    if (state.folder !== null) {
      await stopDaemon(state.folder);
      rmSync(daemonFolder(state.folder).stopped, { force: true });
    }
    console.log(`pocket Slurm stopped: ${targets.length} jobs cancelled`);
    return 0;
  });
}

async function reset(): Promise<number> {
  await stop();
  const folder = stateFolder(process.env);
  if (madeState()) rmSync(folder, { recursive: true, force: true });
  console.log(`pocket Slurm reset: ${folder} removed`);
  return 0;
}

function status(state: PocketState, json: boolean): number {
  const counts: Record<string, number> = {};
  for (const { state: word } of tasks(state, 'controller', {}, state.clock.now()))
    counts[word] = (counts[word] ?? 0) + 1;
  const faults = (Object.keys(FAULTS) as FaultName[]).filter((name) => fault(state, name) > 0);
  const nodes = nodeRows(state).filter((node) => node.state !== 'UP');
  const answer = {
    pid: state.folder === null ? null : daemonProcess(state.folder),
    state: state.folder,
    timeScale: state.timeScale,
    tasks: counts,
    nodes: Object.fromEntries(nodes.map(({ name, state: word, reason }) => [name, reason ?? word])),
    faults: Object.fromEntries(faults.map((name) => [name, fault(state, name)])),
  };
  if (json) {
    console.log(JSON.stringify(answer));
    return 0;
  }
  const list = (values: object) =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(', ') || 'none';
  console.log(
    `daemon   ${answer.pid === null ? 'not running (the next sbatch starts it)' : `pid ${answer.pid}`}`,
  );
  console.log(`state    ${answer.state}`);
  console.log(`clock    ${answer.timeScale} x`);
  console.log(`tasks    ${list(answer.tasks)}`);
  console.log(`nodes    ${nodes.length === 0 ? 'all up' : list(answer.nodes)}`);
  if (faults.length > 0) console.log(`faults   ${list(answer.faults)}`);
  return 0;
}

/** For `eval`; values are quoted for a POSIX shell. */
function printEnv(): number {
  const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const { AFTEROK_TIME_SCALE: scale } = process.env;
  console.log(`export PATH=${quote(POCKET_PROGRAMS)}:"$PATH"`);
  console.log(`export AFTEROK_POCKET_STATE=${quote(stateFolder(process.env))}`);
  console.log(`export AFTEROK_NODE=${quote(process.execPath)}`);
  if (scale !== undefined) console.log(`export AFTEROK_TIME_SCALE=${quote(scale)}`);
  return 0;
}

function eachNode(
  state: PocketState,
  names: readonly string[],
  act: (state: PocketState, node: string, now: number) => void,
): number {
  if (names.length === 0)
    throw new AfterokError('bad-option', 'expected the name of a node, as sinfo shows it');
  for (const name of names) act(state, name, state.clock.now());
  wakeDaemon(state);
  return 0;
}

function changeFaults(state: PocketState, words: readonly string[], clear: boolean): number {
  if (clear) clearFaults(state);
  setFaults(state, words);
  wakeDaemon(state);
  return 0;
}

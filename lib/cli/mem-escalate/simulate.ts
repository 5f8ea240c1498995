import { existsSync } from 'node:fs';
import { actualRun } from '../../chain/advise/actual.js';
import type { Attempt } from '../../chain/advise/attempt.js';
import { readHistoryFile } from '../../chain/advise/history-file.js';
import { requireJointLevels } from '../../chain/advise/joint-levels.js';
import { simulate } from '../../chain/advise/simulate.js';
import { taskNeeds } from '../../chain/advise/task-need.js';
import { readLadderFile } from '../../chain/ladder-file.js';
import { CHAIN_ID } from '../../chain/paths.js';
import { AfterokError } from '../../errors.js';
import { displayOf } from '../live-screen.js';
import type { ParsedArguments } from '../parse.js';
import { simulationJson } from './advice-json.js';
import { levelRange } from './ladder-choice.js';
import { pastChain } from './past-chains.js';
import { renderSimulation } from './simulation-view.js';
import { subcommandArguments } from './subcommand.js';
import { SIMULATE } from './subcommand-specs.js';
import { trackerOf } from './tracker.js';

/** Shows what a ladder would have cost on a history. */
export async function runSimulate(argv: string[]): Promise<number> {
  const args = subcommandArguments(SIMULATE, argv, 0);
  if (args === null) return 0;
  const name = needed(args, 'history');
  const ladder = readLadderFile(needed(args, 'config'));
  requireJointLevels(ladder);
  const { attempts, throttle, wall } = historyOf(args, name);
  const needs = taskNeeds(attempts);
  const slots = args.integer('slots', 1) ?? throttle;
  const simulation = simulate(needs, ladder, { ...levelRange(args, ladder), slots });
  const actual = actualRun(attempts);
  const silent = new Set(attempts.map(({ index }) => index)).size - needs.length;
  if (args.text('format') === 'json') {
    const really = { ...actual, wall };
    const data = { history: name, ladder: ladder.file, slots, ...simulationJson(simulation), really, silent };
    process.stdout.write(`${JSON.stringify(data)}\n`);
    return 0;
  }
  const text = { history: name, ladder, simulation, actual, actualWall: wall, silent, slots };
  process.stdout.write(renderSimulation(text, displayOf(process.stdout, process.env)));
  return 0;
}

function needed(args: ParsedArguments, option: string): string {
  const text = args.text(option);
  if (text !== null) return text;
  throw new AfterokError('bad-option', `no --${option} given`, SIMULATE.usage[0]);
}

interface History {
  attempts: Attempt[];
  throttle: number | null;
  /** Seconds that it took, null when that is not known. */
  wall: number | null;
}

/** A chain by its id, unless there is a file of that name. */
function historyOf(args: ParsedArguments, name: string): History {
  if (!CHAIN_ID.test(name) || existsSync(name)) {
    return { attempts: readHistoryFile(name), throttle: null, wall: null };
  }
  const { checkpoint, attempts } = pastChain(trackerOf(args), name);
  if (attempts.length === 0) {
    throw new AfterokError(
      'too-little-history',
      `no round of chain ${name} has ended yet`,
      `mem-escalate --status ${name} --watch`,
    );
  }
  const { rounds, request } = checkpoint;
  const ends = rounds.flatMap((round) => round.result?.finishedAt ?? []);
  const wall = Math.max(0, Math.round((ends.at(-1) ?? 0) - (rounds[0]?.startedAt ?? 0)));
  return { attempts, throttle: request.throttle, wall };
}

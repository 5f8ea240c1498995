import { writeFileAtomic } from '../../atomic-file.js';
import { type Advice, type AdviceRequest, advise } from '../../chain/advise/advice.js';
import { adviceWords } from '../../chain/advise/advice-words.js';
import { requireJointLevels } from '../../chain/advise/joint-levels.js';
import { DEFAULT_PRICES } from '../../chain/advise/price.js';
import type { Ladder } from '../../chain/ladder.js';
import { readLadderFile } from '../../chain/ladder-file.js';
import { ladderYaml } from '../../chain/ladder-yaml.js';
import { AfterokError } from '../../errors.js';
import { SlurmCommandError } from '../../slurm/command-error.js';
import { type PartitionNodes, sinfo } from '../../slurm/sinfo.js';
import { displayOf } from '../live-screen.js';
import type { ParsedArguments } from '../parse.js';
import { adviceJson } from './advice-json.js';
import { renderAdvice } from './advice-view.js';
import { type PastChain, pastChains } from './past-chains.js';
import { shareOption, subcommandArguments } from './subcommand.js';
import { ADVISE } from './subcommand-specs.js';
import { trackerOf } from './tracker.js';

/** Completed tasks without which percentiles say nothing. */
const FEWEST_TASKS = 5;

const HEADROOM = 0.1;

/** Proposes a ladder from what the tasks of past chains used. */
export async function runAdvise(argv: string[]): Promise<number> {
  const args = subcommandArguments(ADVISE, argv, 1);
  if (args === null) return 0;
  const word = args.positionals[0] ?? '';
  const chains = pastChains(trackerOf(args), word);
  const request = await adviceRequest(args, chains);
  const advice = enough(request) ? advise(request) : null;
  if (advice === null) throw tooFew(request, word);
  const telling = chains.filter(({ needs }) => needs.length > 0);
  const names = telling.map(({ checkpoint }) => checkpoint.chain);
  const words = adviceWords(advice, request.headroom);
  const yaml = ladderYaml(advice.ladder, heading(advice, word, names));
  const file = args.text('output');
  if (file !== null) writeLadder(file, yaml);
  process.stdout.write(
    args.text('format') === 'json'
      ? `${JSON.stringify({ chains: names, ...adviceJson(advice), why: words, yaml })}\n`
      : renderAdvice({ advice, chains: names, words, yaml, file }, displayOf(process.stdout, process.env)),
  );
  if (request.cluster === null)
    process.stderr.write('mem-escalate: warning: Slurm does not answer: partitions were not looked at\n');
  return 0;
}

async function adviceRequest(args: ParsedArguments, chains: readonly PastChain[]): Promise<AdviceRequest> {
  const { present, range } = presentLadder(args, chains);
  return {
    // The same index of two chains is two tasks.
    needs: chains.flatMap(({ needs }) => needs).map((need, index) => ({ ...need, index })),
    present,
    range,
    partitions: [present, ...chains.map(({ checkpoint }) => checkpoint.ladder)].flatMap(partitionsOf),
    levels: args.integer('levels', 1) ?? range.maxLevel - range.startLevel + 1,
    headroom: shareOption(args, 'headroom', HEADROOM),
    prices: {
      gbPerCore: args.integer('gb-per-core', 1) ?? DEFAULT_PRICES.gbPerCore,
      reserved: shareOption(args, 'reserved', DEFAULT_PRICES.reserved),
    },
    cluster: await clusterPartitions(),
  };
}

function partitionsOf({ levels }: Ladder): string[] {
  return levels.flatMap(({ partition }) => partition?.split(',') ?? []);
}

/** The ladder to compare with: the one named, or that of the newest chain with the levels that it used. */
function presentLadder(
  args: ParsedArguments,
  chains: readonly PastChain[],
): { present: Ladder; range: AdviceRequest['range'] } {
  const named = args.text('config');
  if (named !== null) {
    const present = readLadderFile(named);
    requireJointLevels(present);
    return { present, range: { startLevel: 0, maxLevel: present.levels.length - 1 } };
  }
  const newest = chains.at(-1);
  if (newest === undefined) throw new Error('pastChains never returns none');
  const { ladder, request } = newest.checkpoint;
  requireJointLevels(ladder);
  return { present: ladder, range: { startLevel: request.startLevel, maxLevel: request.maxLevel } };
}

async function clusterPartitions(): Promise<PartitionNodes[] | null> {
  try {
    return await sinfo(process.env);
  } catch (error) {
    if (error instanceof SlurmCommandError) return null;
    throw error;
  }
}

function completedTasks({ needs }: AdviceRequest): number {
  return needs.filter((need) => need.succeeds && need.memory.known && need.time.known).length;
}

function enough(request: AdviceRequest): boolean {
  return completedTasks(request) >= FEWEST_TASKS;
}

function tooFew(request: AdviceRequest, word: string): AfterokError {
  return new AfterokError(
    'too-little-history',
    `${completedTasks(request)} completed tasks of ${word} are too few for advice: ${FEWEST_TASKS} are needed`,
    'run more of them, or wait until their round has ended',
  );
}

function heading({ completed }: Advice, word: string, chains: readonly string[]): string[] {
  const which =
    chains.length === 1 ? `chain ${chains[0]}` : `${chains.length} chains, the newest ${chains.at(-1)}`;
  return [`Proposed by mem-escalate advise ${word}, from ${completed} completed tasks of ${which}.`];
}

function writeLadder(file: string, yaml: string): void {
  try {
    writeFileAtomic(file, yaml);
  } catch (error) {
    throw new AfterokError('bad-option', `--output ${file}: ${(error as Error).message}`, null, {
      cause: error,
    });
  }
}

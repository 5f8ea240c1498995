import { mkdirSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { format } from 'date-fns/format';
import { writeFileAtomic } from '../atomic-file.js';
import { epochSeconds } from '../clock.js';
import { hasErrno } from '../errors.js';
import { PACKAGE_ROOT } from '../package-root.js';
import { sideEffect } from '../side-effect.js';
import { expand, parseArraySpec } from '../slurm/array-spec.js';
import { SlurmCommandError } from '../slurm/command-error.js';
import { findOption, parseSbatchOptions } from '../slurm/sbatch-options.js';
import { scancel } from '../slurm/scancel.js';
import { scontrolShowConfig } from '../slurm/scontrol.js';
import { type PartitionNodes, sinfo } from '../slurm/sinfo.js';
import { squeueUser } from '../slurm/squeue.js';
import { advance } from './advance.js';
import { checkFirstRound } from './caps.js';
import { CHECKPOINT_VERSION, type Checkpoint, lastRound } from './checkpoint.js';
import { checkLevels, handlerResources, withAdmittingPartitions } from './cluster-fit.js';
import { submissionEnvironment, writeEnvironment } from './environment.js';
import { indexSet } from './index-set.js';
import { shellQuote } from './kept-script.js';
import type { Ladder } from './ladder.js';
import { makeTracker, OpenChain, writeCheckpoint } from './open-chain.js';
import type { ChainPaths, TrackerPaths } from './paths.js';
import { planRound } from './plan.js';
import type { CheckedRequest } from './request.js';
import { writeRoundFiles } from './round-files.js';

/** Slurm's default, for a site that hides its configuration. */
const DEFAULT_MAX_ARRAY_SIZE = 1001;

/** What a new chain has to know of the cluster. */
export interface ClusterFacts {
  partitions: readonly PartitionNodes[];
  maxArraySize: number;
  accounting: boolean;
  /** Accounting keeps the comments of jobs. */
  comments: boolean;
}

export async function clusterFacts(env: NodeJS.ProcessEnv): Promise<ClusterFacts> {
  const [partitions, config] = await Promise.all([sinfo(env), scontrolShowConfig(env)]);
  return {
    partitions,
    maxArraySize: Number(config.get('MaxArraySize')) || DEFAULT_MAX_ARRAY_SIZE,
    accounting: keepsAccounting(config.get('AccountingStorageType')),
    comments: /\bjob_comment\b/.test(config.get('AccountingStoreFlags') ?? ''),
  };
}

/** @param type AccountingStorageType; undefined where the site hides its configuration, most of these keep accounting */
function keepsAccounting(type: string | undefined): boolean {
  return type === undefined || !/^(|\(null\)|none|accounting_storage\/none)$/.test(type);
}

/**
 * The checkpoint of a new chain with its first round planned. Nothing is written or submitted.
 *
 * @throws AfterokError when a level can never run on this cluster
 */
export function planChain(
  chain: string,
  checked: CheckedRequest,
  read: Ladder,
  cluster: ClusterFacts,
): Checkpoint {
  const { request, tasks, account, qos } = checked;
  const now = epochSeconds();
  checkFirstRound(read.caps, tasks);
  const ladder = withAdmittingPartitions(read, cluster.partitions);
  checkLevels(applyOptions(ladder, request.options), request, cluster.partitions);
  const limits = { maxArraySize: cluster.maxArraySize, maxArraySpecLength: ladder.maxArraySpecLength };
  const indices = indexSet(request.array === null ? [0] : expand(parseArraySpec(request.array)));
  const first = { level: request.startLevel, indices, exclude: [] };
  return {
    version: CHECKPOINT_VERSION,
    chain,
    sequence: 0,
    state: 'active',
    reason: null,
    createdAt: now,
    updatedAt: now,
    user: userInfo().username,
    request,
    ladder,
    limits,
    evidence: {
      accounting: cluster.accounting,
      records: !cluster.accounting || ladder.completionRecords || ladder.oomExit0 !== 'retry',
      comments: cluster.comments,
    },
    handler: handlerResources(
      ladder,
      tasks,
      { account: account ?? ladder.levels[0]?.account ?? null, qos },
      cluster.partitions,
    ),
    rounds: [planRound(chain, 1, [first], request, limits, now)],
    excludedNodes: [],
    events: [{ at: now, round: 1, kind: 'created', text: `${tasks} tasks, ${shape(ladder)}` }],
  };
}

/** A partition given on the command line replaces the ladder's on every level. */
function applyOptions(ladder: Ladder, options: readonly string[]): Ladder {
  const partition = findOption(parseSbatchOptions(options), 'partition')?.value ?? null;
  if (partition === null) return ladder;
  return { ...ladder, levels: ladder.levels.map((level) => ({ ...level, partition })) };
}

function shape({ axes, levels }: Ladder): string {
  return axes === null ? `${levels.length} levels` : `${axes.mem} rungs of memory, ${axes.time} of time`;
}

/**
 * Creates the chain's files and submits its first round. When sbatch refuses that, nothing is left behind.
 *
 * @param env the person's environment, with what `--export` sets
 */
export async function startChain(
  tracker: TrackerPaths,
  checked: CheckedRequest,
  ladder: Ladder,
  env: NodeJS.ProcessEnv,
): Promise<Checkpoint> {
  const cluster = await clusterFacts(env);
  const paths = tracker.chain(newChainId());
  const checkpoint = planChain(paths.chain, checked, ladder, cluster);
  makeTracker(tracker);
  try {
    writeChainFiles(paths, checkpoint, checked, env);
    return await OpenChain.with(paths, async (chain) => {
      await advance(chain, { env, self: null, fresh: true });
      return chain.checkpoint;
    });
  } catch (error) {
    const refused = error instanceof SlurmCommandError && error.kind !== 'unreachable';
    if (refused && (await withdrawn(paths.chain, env))) removeChain(paths);
    throw error;
  }
}

/**
 * Cancels what was submitted before the refusal: those jobs are held, and nobody else would release or cancel them.
 *
 * @returns false when Slurm does not answer; the chain then stays, for --cancel
 */
async function withdrawn(chain: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    const rows = await squeueUser(env);
    const ours = rows.filter((row) => row.comment.startsWith(`afterok:${chain}:`));
    await scancel([...new Set(ours.map((row) => String(row.id.job)))], env);
    return true;
  } catch (error) {
    if (error instanceof SlurmCommandError) return false;
    throw error;
  }
}

/** `20251224-053904-t0l3` */
export function newChainId(
  now = new Date(epochSeconds() * 1000),
  random: () => number = Math.random,
): string {
  const suffix = Math.floor(random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
  return `${format(now, 'yyyyMMdd-HHmmss')}-${suffix}`;
}

function writeChainFiles(
  paths: ChainPaths,
  checkpoint: Checkpoint,
  checked: CheckedRequest,
  env: NodeJS.ProcessEnv,
): void {
  sideEffect({ kind: 'make-folder', what: paths.folder }, () => {
    mkdirSync(paths.folder, { mode: 0o755 });
    mkdirSync(`${paths.folder}/script`);
  });
  writeFileAtomic(paths.script(checked.request.script.name), checked.scriptContent, 0o755);
  writeEnvironment(paths.environment, submissionEnvironment({ ...env, ...checked.variables }));
  for (const name of ['on-failure', 'on-success'] as const) {
    writeFileAtomic(paths.handlerScript(name), handlerScript(name, paths), 0o755);
  }
  writeRoundFiles(checkpoint, lastRound(checkpoint), paths);
  writeCheckpoint(paths, checkpoint);
}

/**
 * slurmd runs a copy of a batch script from its spool folder, where relative imports break: the script that is
 * submitted names node and the handler by absolute path. The chain is all that it tells the handler.
 */
function handlerScript(name: 'on-failure' | 'on-success', paths: ChainPaths): string {
  const handler = `${PACKAGE_ROOT}dist/handlers/${name}.js`;
  return `#!/bin/bash\nexec ${[process.execPath, handler, paths.checkpoint].map(shellQuote).join(' ')}\n`;
}

/** The checkpoint goes first: without it the rest is no chain. */
function removeChain(paths: ChainPaths): void {
  for (const path of [paths.checkpoint, paths.folder]) {
    try {
      sideEffect({ kind: 'remove', what: path }, () => rmSync(path, { recursive: true, force: true }));
    } catch (error) {
      if (!hasErrno(error, 'EACCES', 'EBUSY')) throw error;
    }
  }
}

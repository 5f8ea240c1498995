import { epochSeconds } from '../../clock.js';
import { AfterokError } from '../../errors.js';
import { SlurmCommandError } from '../../slurm/command-error.js';
import { sacctAnswers } from '../../slurm/sacct.js';
import { type ControllerConfig, scontrolConfig } from '../../slurm/scontrol.js';
import { type PartitionNodes, sinfo } from '../../slurm/sinfo.js';
import { squeueUser } from '../../slurm/squeue.js';
import { SLURM_PROGRAMS, slurmVersion } from '../../slurm/version.js';
import { CHAIN_STATES } from '../checkpoint.js';
import { checkLevels, handlerResources, withAdmittingPartitions } from '../cluster-fit.js';
import { currentStatus } from '../current-status.js';
import type { Ladder } from '../ladder.js';
import { listChains, readCheckpoint } from '../open-chain.js';
import type { TrackerPaths } from '../paths.js';
import { bad, type Finding, ok, warn } from './finding.js';
import { type KnownChain, leftoverFindings } from './leftovers.js';
import { probe } from './probe.js';
import { clockFinding, siteFindings } from './site-settings.js';
import { nodeFinding, trackerFindings } from './tracker-checks.js';

export interface Examination {
  tracker: TrackerPaths;
  ladder: Ladder;
  env: NodeJS.ProcessEnv;
  /** Seconds to wait for a job that looks at a compute node; null to submit none. */
  probe: number | null;
}

/** Asks the site for what matters to chains. Submits nothing unless told to. */
export async function examine({ tracker, ladder, env, probe: patience }: Examination): Promise<Finding[]> {
  const commands = await commandFinding(env);
  const controller = await controllerFinding(env);
  const { findings: place, clock } = trackerFindings(tracker);
  const local = [nodeFinding(), ...place];
  if (controller.config === null) return [commands, controller.finding, ...local];
  const [accounting, partitions] = await Promise.all([accountingFinding(env), readPartitions(env)]);
  const site = [
    ...siteFindings(controller.config.settings, ladder.policy),
    ...(partitions === null ? [] : [partitionFinding(partitions), ...ladderFindings(ladder, partitions)]),
    clockFinding(epochSeconds(), { controller: controller.config.clock, tracker: clock }),
  ];
  const looked = patience === null ? [] : [await tryProbe(tracker, ladder, partitions ?? [], patience, env)];
  const seen = looked.some(({ grade }) => grade === 'ok') ? local.map(confirmed) : local;
  return [
    commands,
    controller.finding,
    accounting,
    ...site,
    ...seen,
    ...looked,
    ...(await leftovers(tracker, env)),
  ];
}

/** What the probe has seen for itself need not be guessed from the type of a filesystem. */
function confirmed(finding: Finding): Finding {
  if (finding.grade !== 'warn' || !['node', 'tracker'].includes(finding.check)) return finding;
  return ok(finding.check, finding.found, 'looks local, but the probe found it on a compute node');
}

async function commandFinding(env: NodeJS.ProcessEnv): Promise<Finding> {
  const versions = await Promise.all(
    SLURM_PROGRAMS.map(async (program) => ({ program, version: await versionOf(program, env) })),
  );
  const missing = versions.filter(({ version }) => version === null).map(({ program }) => program);
  const distinct = [...new Set(versions.flatMap(({ version }) => version ?? []))];
  if (missing.length > 0) {
    return bad(
      'commands',
      `no ${missing.join(', ')}`,
      "chains need all of Slurm's commands",
      "load your site's Slurm module",
    );
  }
  if (distinct.length > 1) {
    const found = versions.map(({ program, version }) => `${program} ${version}`).join(', ');
    return warn('commands', found, 'commands of different versions', 'look at PATH: which -a sbatch sacct');
  }
  return ok('commands', `Slurm ${distinct[0]}`, `${SLURM_PROGRAMS.join(', ')} are on PATH`);
}

async function versionOf(program: (typeof SLURM_PROGRAMS)[number], env: NodeJS.ProcessEnv) {
  try {
    return await slurmVersion(program, env);
  } catch (error) {
    if (error instanceof SlurmCommandError && error.kind === 'missing') return null;
    if (error instanceof SlurmCommandError) return 'unknown';
    throw error;
  }
}

async function controllerFinding(
  env: NodeJS.ProcessEnv,
): Promise<{ finding: Finding; config: ControllerConfig | null }> {
  const started = epochSeconds();
  try {
    const config = await scontrolConfig(env);
    const seconds = epochSeconds() - started;
    const found = `cluster ${config.settings.get('ClusterName') ?? '?'} answered in ${seconds.toFixed(1)} s`;
    return { finding: ok('controller', found, 'jobs can be submitted'), config };
  } catch (error) {
    if (!(error instanceof SlurmCommandError)) throw error;
    const advice = 'is this a login node of the cluster? otherwise wait, or tell the site';
    return {
      finding: bad('controller', error.message, 'nothing can be submitted or seen', advice),
      config: null,
    };
  }
}

async function accountingFinding(env: NodeJS.ProcessEnv): Promise<Finding> {
  try {
    await sacctAnswers(env);
    return ok('sacct', 'answers', 'outcomes can be read');
  } catch (error) {
    if (!(error instanceof SlurmCommandError)) throw error;
    const meaning = 'handlers look again later, and stop after two hours without an answer';
    return bad('sacct', error.message, meaning, 'tell the site; then mem-escalate --resume');
  }
}

async function readPartitions(env: NodeJS.ProcessEnv): Promise<PartitionNodes[] | null> {
  try {
    return await sinfo(env);
  } catch (error) {
    if (error instanceof SlurmCommandError) return null;
    throw error;
  }
}

function partitionFinding(rows: readonly PartitionNodes[]): Finding {
  const names = [...new Set(rows.map((row) => row.partition))];
  const down = names.filter((name) => !rows.some((row) => row.partition === name && row.up));
  const found = names.map((name) => (down.includes(name) ? `${name} (down)` : name)).join(', ');
  if (names.length === down.length)
    return bad('partitions', found || 'none', 'no partition takes jobs', 'wait, or tell the site');
  if (down.length > 0) return warn('partitions', found, 'some take no jobs', 'name others in the ladder');
  return ok('partitions', found, 'all up');
}

/** One finding a level that can never run, or one for all. */
function ladderFindings(ladder: Ladder, cluster: readonly PartitionNodes[]): Finding[] {
  const fitted = withAdmittingPartitions(ladder, cluster);
  const unfit = fitted.levels.flatMap((_, level) => {
    try {
      checkLevels({ ...fitted, axes: null }, { startLevel: level, maxLevel: level }, cluster);
      return [];
    } catch (error) {
      if (!(error instanceof AfterokError)) throw error;
      return [
        bad(
          'ladder',
          error.message,
          'a chain that climbs there would stall',
          error.hint ?? 'mend the ladder',
        ),
      ];
    }
  });
  const levels = `${ladder.levels.length} ${ladder.levels.length === 1 ? 'level' : 'levels'}`;
  return unfit.length > 0 ? unfit : [ok('ladder', `${ladder.file}: ${levels}`, 'the cluster can run each')];
}

async function tryProbe(
  tracker: TrackerPaths,
  ladder: Ladder,
  cluster: readonly PartitionNodes[],
  patience: number,
  env: NodeJS.ProcessEnv,
): Promise<Finding> {
  const handler = handlerResources(
    ladder,
    1,
    { account: ladder.levels[0]?.account ?? null, qos: null },
    cluster,
  );
  try {
    return await probe(tracker, handler, patience, env);
  } catch (error) {
    if (!(error instanceof SlurmCommandError || error instanceof AfterokError)) throw error;
    return bad('probe', error.message, 'a handler would be refused as well', 'mend what the message names');
  }
}

async function leftovers(tracker: TrackerPaths, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  try {
    // The queue first: a chain whose jobs are in it then has its checkpoint.
    const queue = await squeueUser(env);
    return leftoverFindings(queue, await knownChains(tracker, env));
  } catch (error) {
    if (!(error instanceof SlurmCommandError)) throw error;
    return [bad('leftovers', error.message, 'the queue cannot be read', 'wait, or tell the site')];
  }
}

async function knownChains(tracker: TrackerPaths, env: NodeJS.ProcessEnv): Promise<Map<string, KnownChain>> {
  const chains = new Map<string, KnownChain>();
  for (const id of listChains(tracker)) chains.set(id, await stateOf(tracker, id, env));
  return chains;
}

/** A chain whose checkpoint cannot be read counts as live: its jobs are nobody's to cancel. */
async function stateOf(tracker: TrackerPaths, id: string, env: NodeJS.ProcessEnv): Promise<KnownChain> {
  const paths = tracker.chain(id);
  try {
    if (CHAIN_STATES[readCheckpoint(paths).state].ended) return 'ended';
    return (await currentStatus(paths, env)).needsResume ? 'stalled' : 'live';
  } catch (error) {
    if (error instanceof AfterokError) return 'live';
    throw error;
  }
}

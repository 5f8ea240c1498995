import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../atomic-file.js';
import { epochSeconds, pause } from '../../clock.js';
import { PACKAGE_ROOT } from '../../package-root.js';
import { sideEffect } from '../../side-effect.js';
import { formatDuration } from '../../slurm/duration.js';
import { stateTraits } from '../../slurm/job-state.js';
import { formatMemory } from '../../slurm/memory-size.js';
import { sbatch } from '../../slurm/sbatch.js';
import { scancel } from '../../slurm/scancel.js';
import { type ControllerRow, scontrolShowJob } from '../../slurm/scontrol.js';
import type { HandlerResources } from '../checkpoint.js';
import { shellQuote } from '../kept-script.js';
import { makeTracker } from '../open-chain.js';
import type { TrackerPaths } from '../paths.js';
import { bad, type Finding, ok, warn } from './finding.js';

/** Exit codes of the probe's script, and what each says. */
const EXITS = { node: 11, handler: 12, tracker: 13 } as const;

const MEMORY = 300 * 2 ** 20;

/** Seconds between two looks at the job. */
const LOOK = 0.5;

/** Seconds that an answer of another machine may need to appear on a shared filesystem. */
const ATTRIBUTE_CACHE = 5;

/**
 * Submits one tiny job, as handlers are submitted, that says whether its node has node, the handlers and the tracker
 * folder. Waits at most `patience` seconds, then cancels it. Nothing is left behind.
 */
export async function probe(
  tracker: TrackerPaths,
  handler: HandlerResources,
  patience: number,
  env: NodeJS.ProcessEnv,
): Promise<Finding> {
  makeTracker(tracker);
  const prefix = join(tracker.tracker, '.probe-');
  const folder = sideEffect({ kind: 'make-folder', what: prefix }, () => mkdtempSync(prefix));
  try {
    const script = join(folder, 'probe.sh');
    writeFileAtomic(script, probeScript(folder), 0o755);
    const jobId = await sbatch([...probeArgs(handler), script], { env, cwd: '/' });
    const row = await ended(jobId, patience, env);
    if (row === null || !stateTraits(row.state.state).terminal) await scancel([jobId], env);
    return judge(jobId, row, await answerIn(folder, row), patience);
  } finally {
    sideEffect({ kind: 'remove', what: folder }, () => rmSync(folder, { recursive: true, force: true }));
  }
}

function probeArgs({ partition, time, account, qos }: HandlerResources): string[] {
  return [
    '--comment=afterok:doctor',
    '--job-name=afterok-doctor',
    '--output=/dev/null',
    '--no-requeue',
    '--export=ALL',
    `--mem=${formatMemory(MEMORY)}`,
    `--time=${formatDuration(Math.min(time, 60))}`,
    ...(partition === null ? [] : [`--partition=${partition}`]),
    ...(account === null ? [] : [`--account=${account}`]),
    ...(qos === null ? [] : [`--qos=${qos}`]),
  ];
}

function probeScript(folder: string): string {
  const node = shellQuote(process.execPath);
  return `#!/bin/bash
version=$(${node} --version) || exit ${EXITS.node}
[ -r ${shellQuote(`${PACKAGE_ROOT}dist/handlers/on-failure.js`)} ] || exit ${EXITS.handler}
echo "$version" >${shellQuote(join(folder, 'answer'))} || exit ${EXITS.tracker}
`;
}

/** @returns what the controller says of the job when it has ended, or at the end of patience; null for nothing */
async function ended(jobId: string, patience: number, env: NodeJS.ProcessEnv): Promise<ControllerRow | null> {
  const deadline = epochSeconds() + patience;
  for (;;) {
    const row = (await scontrolShowJob(jobId, env))[0] ?? null;
    if (row === null || stateTraits(row.state.state).terminal || epochSeconds() > deadline) return row;
    await pause(LOOK);
  }
}

async function answerIn(folder: string, row: ControllerRow | null): Promise<string | null> {
  const file = join(folder, 'answer');
  const expected = row?.state.state === 'COMPLETED';
  for (let waited = 0; expected && !existsSync(file) && waited < ATTRIBUTE_CACHE; waited += LOOK)
    await pause(LOOK);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

function judge(jobId: string, row: ControllerRow | null, answer: string | null, patience: number): Finding {
  if (row === null) {
    return warn(
      'probe',
      `job ${jobId} is gone`,
      'the controller forgot it before it was seen to end',
      'try again',
    );
  }
  const where = `job ${jobId}${row.nodes === null ? '' : ` on ${row.nodes}`}`;
  if (!stateTraits(row.state.state).terminal) {
    const meaning = `${row.state.raw} after ${patience} s: handlers wait as long; the job was cancelled`;
    return warn('probe', where, meaning, 'try again when the queue is shorter, or with --patience SECONDS');
  }
  if (answer !== null)
    return ok('probe', `${where}: node ${answer}`, 'the node has node, the handlers and the tracker folder');
  const because = REASONS[row.exit.code];
  if (row.state.state === 'COMPLETED')
    return bad('probe', where, 'it wrote into a folder of that name that is not this one', TRACKER_ADVICE);
  if (because !== undefined) return bad('probe', where, ...because);
  const found = `${where}: ${row.state.raw} ${row.exit.code}:${row.exit.signal}`;
  return bad('probe', found, 'the job did not run as handlers have to', `look at it: sacct -j ${jobId}`);
}

const TRACKER_ADVICE = 'name a folder that compute nodes see: AFTEROK_TRACKER=/a/shared/folder';

const REASONS: Readonly<Record<number, [meaning: string, advice: string]>> = {
  [EXITS.node]: [
    `there is no ${process.execPath} on that node`,
    'install node in a shared folder, and run it from there',
  ],
  [EXITS.handler]: [
    `${PACKAGE_ROOT} is not there on that node`,
    'install afterok in a folder that compute nodes see',
  ],
  [EXITS.tracker]: ['the tracker folder is not there, or not writable, on that node', TRACKER_ADVICE],
};

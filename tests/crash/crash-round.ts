import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { initialize } from '../../lib/client/initialize.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { runWorkflow } from '../../lib/runner/run.js';
import { workflowFrom } from '../runner/workbench.js';
import type { CrashSite } from './crash-site.js';
import { Random } from './random.js';
import { AGAIN, randomJobs } from './random-jobs.js';
import { runnerOptions } from './runner-options.js';
import { strays, violations } from './violations.js';

/** Seconds after which a runner that has not ended is taken for one that never will. */
const LONGEST_RUN = 60;

/** Seconds that a runner's process takes until it asks the server for something, more or less. */
const RUNNER_START = 0.4;

/**
 * Runs a small random workflow with one or two runners while they and the server are killed at random moments, and
 * then with one that is not.
 *
 * @returns what is wrong afterwards: nothing, or a line for each violation
 */
export async function crashRound(site: CrashSite, seed: number): Promise<string[]> {
  const random = new Random(seed);
  const journal = site.path(`journal-${seed}`);
  const outputDir = site.path(`output-${seed}`);
  mkdirSync(outputDir);
  const jobs = randomJobs(random, journal);
  const spec = { jobs: jobs.map(({ spec }) => spec), failure_handlers: [AGAIN] };
  const id = await workflowFrom(site.client, spec, false);
  await initialize(site.client, id, { force: true });

  const ending = new AbortController();
  const crashes = crashServer(site, random, ending.signal);
  const runners = Array.from({ length: random.chance(0.5) ? 2 : 1 }, () =>
    runAndKill(site.line.url, id, outputDir, journal, {
      begin: random.chance(0.5) ? 0 : random.below(0.3),
      kill: random.chance(0.6) ? RUNNER_START + random.below(1.2) : null,
    }),
  );
  const late = (await Promise.all(runners)).flat();
  ending.abort();
  await crashes;
  const last = await lastRun(site, id, outputDir);
  return [...late, ...last, ...(await violations(site.client, id, jobs, journal)), ...strays(outputDir)];
}

/** Kills the server once or twice: by the clock, or when a request or an answer passes. */
async function crashServer(site: CrashSite, random: Random, signal: AbortSignal): Promise<void> {
  const plans = Array.from({ length: 1 + random.whole(2) }, () => ({
    away: random.chance(0.5) ? 0 : random.below(0.3),
    seconds: RUNNER_START + random.below(0.8),
    passage: random.chance(0.7) ? ('answer' as const) : ('request' as const),
    number: 1 + random.whole(45),
    byClock: random.chance(0.3),
  }));
  for (const { away, seconds, passage, number, byClock } of plans) {
    if (signal.aborted) break;
    if (byClock) await sleep(seconds * 1000, undefined, { signal }).catch(() => {});
    else {
      const broken = new Promise<void>((resolve) => {
        site.line.breakAt({ passage, number, onBreak: resolve });
        signal.addEventListener('abort', () => resolve());
      });
      await broken;
    }
    if (signal.aborted) break;
    site.crash(away);
    await site.untilUp();
  }
  site.line.breakNowhere();
}

/** @returns what is wrong: that it does not end */
async function runAndKill(
  url: string,
  workflow: number,
  outputDir: string,
  journal: string,
  { begin, kill }: { begin: number; kill: number | null },
): Promise<string[]> {
  await sleep(begin * 1000);
  const { NODE_OPTIONS: _hooks, ...env } = process.env;
  const program = `${PACKAGE_ROOT}dist/tests/crash/runner-process.js`;
  const child = spawn(process.execPath, [program, url, String(workflow), outputDir, journal], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env,
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const closed = once(child, 'close');
  const timer = setTimeout(() => child.kill('SIGKILL'), (kill ?? LONGEST_RUN) * 1000);
  await closed;
  clearTimeout(timer);
  if (child.exitCode !== null && child.exitCode !== 0) return [`a runner ended by itself: ${errors}`];
  if (child.signalCode === null || kill !== null) return [];
  return [`runner ${child.pid} does not end`, ...lastLines(outputDir)];
}

/** What the runners have said last. */
function lastLines(outputDir: string): string[] {
  const logs = readdirSync(outputDir).filter((name) => name.endsWith('.log'));
  return logs.flatMap((name) => readFileSync(join(outputDir, name), 'utf8').trim().split('\n').slice(-40));
}

/** What finds an end for everything that is left. @returns what is wrong: that it does not */
async function lastRun(site: CrashSite, id: number, outputDir: string): Promise<string[]> {
  const stop = AbortSignal.timeout(LONGEST_RUN * 1000);
  const { reason } = await runWorkflow(site.client, id, runnerOptions(outputDir), { stop });
  return reason === 'complete' ? [] : [`the last runner ended by ${reason}`];
}

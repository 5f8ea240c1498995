import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import type { JobSpec } from '../../lib/workflow/spec.js';
import { job, type Workbench } from './workbench.js';

const JOBS = 10;

/** Numbers below 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Runs a small random workflow with runners that are killed at random moments, and then with one that is not.
 *
 * @returns what is wrong afterwards: nothing, or a line for each violation
 */
export async function crashRound(bench: Workbench, seed: number): Promise<string[]> {
  const random = randomOf(seed);
  const journal = bench.path(`journal-${seed}`);
  const id = await bench.create(
    { jobs: randomJobs(random, journal), failure_handlers: [] },
    { monitorResources: true },
  );
  const kills = 1 + Math.floor(random() * 2);
  for (let kill = 0; kill < kills; kill += 1) await runAndKill(bench, id, 0.15 + random() * 0.8);
  await bench.run(id, { capacity: { cpus: 3, memoryGib: 1, gpus: 0 } });
  return [...(await violations(bench, id, journal)), ...strays(id, bench)];
}

function randomJobs(random: () => number, journal: string): JobSpec[] {
  return Array.from({ length: JOBS }, (_, place) => {
    const depends_on = Array.from({ length: place }, (_, earlier) => `j${earlier}`).filter(
      () => random() < 0.2,
    );
    const mark = (what: string) => `echo ${what} $TORC_JOB_NAME $TORC_ATTEMPT_ID >> ${journal}`;
    const command = `${mark('start')}; sleep ${(random() * 0.15).toFixed(3)}; ${mark('end')}`;
    return job(`j${place}`, command, { depends_on });
  });
}

async function runAndKill(bench: Workbench, id: number, seconds: number): Promise<void> {
  const program = `${PACKAGE_ROOT}dist/tests/runner/runner-process.js`;
  const child = spawn(process.execPath, [program, bench.url, String(id), bench.outputDir], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  await Promise.race([ended, sleep(seconds * 1000)]);
  child.kill('SIGKILL');
  await ended;
}

async function violations(bench: Workbench, id: number, journal: string): Promise<string[]> {
  const found: string[] = [];
  const statuses = await bench.statuses(id);
  const lines = readFileSync(journal, 'utf8').trim().split('\n');
  for (let place = 0; place < JOBS; place += 1) {
    const name = `j${place}`;
    if (statuses[name] !== 'completed') found.push(`${name} is ${statuses[name]}`);
    const results = await bench.results(id, name);
    const [result] = results;
    if (results.length !== 1 || result?.return_code !== 0)
      found.push(`${name} has ${results.length} results`);
    const own = lines.map((line) => line.split(' ')).filter(([, who]) => who === name);
    const attempts = own.filter(([what]) => what === 'start').map(([, , attempt]) => Number(attempt));
    if (attempts.some((attempt, n) => n > 0 && attempt <= (attempts[n - 1] ?? 0))) {
      found.push(`${name} has begun attempts ${attempts.join(', ')}`);
    }
    if (attempts.at(-1) !== result?.attempt_id)
      found.push(`${name} ran again after attempt ${result?.attempt_id}`);
    const last = own.at(-1)?.join(' ');
    if (last !== `end ${name} ${result?.attempt_id}`)
      found.push(`${name} did something beside its last attempt: ${last}`);
  }
  return found;
}

/** Processes of this workflow that still live. */
function strays(id: number, bench: Workbench): string[] {
  if (!existsSync('/proc/self/environ')) return [];
  const wanted = [`TORC_WORKFLOW_ID=${id}`, `TORC_OUTPUT_DIR=${bench.outputDir}`];
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        const environment = readFileSync(join('/proc', pid, 'environ'), 'utf8').split('\0');
        return wanted.every((entry) => environment.includes(entry));
      } catch {
        return false;
      }
    })
    .map((pid) => `process ${pid} is left`);
}

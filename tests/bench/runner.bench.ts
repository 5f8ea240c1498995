/**
 * What running jobs costs, one JSON line for each measure: `node dist/tests/bench/runner.bench.js [jobs]`.
 * 1,000 jobs of `true` with the server in this process, as `torc run --standalone` has it, against xargs; and the
 * processor time of the monitor at a sample a second with 20 jobs.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedServer } from '../../lib/cli/torc/embedded-server.js';
import { connect } from '../../lib/client/client.js';
import { initialize } from '../../lib/client/initialize.js';
import { ResourceMonitor } from '../../lib/runner/monitor/monitor.js';
import { runWorkflow } from '../../lib/runner/run.js';
import { expand } from '../../lib/workflow/expand.js';
import { parseSpec } from '../../lib/workflow/spec-file.js';
import { createWorkflow } from '../../lib/workflow/upload/create-workflow.js';

const count = Number(process.argv[2] ?? 1000);
const processors = availableParallelism();

function print(figures: Record<string, unknown>): void {
  console.log(JSON.stringify(figures));
}

function secondsOfXargs(): number {
  const began = performance.now();
  spawnSync('bash', ['-c', `seq ${count} | xargs -P${processors} -I{} bash -c true`]);
  return (performance.now() - began) / 1000;
}

/**
 * What two files for each job cost, which xargs does without: next to nothing, or a quarter of it all on an ext4 where
 * thousands of files have been deleted in the last minutes, since it looks at each of their inodes before it takes one.
 */
function secondsOfFiles(folder: string): number {
  mkdirSync(folder);
  const began = performance.now();
  for (let n = 0; n < 2 * count; n += 1) writeFileSync(join(folder, String(n)), '');
  return (performance.now() - began) / 1000;
}

/** Seconds, and those that this process itself has computed: server, client and launcher. */
async function secondsOfRunner(folder: string): Promise<{ runner: number; processor: number }> {
  const server = await startEmbeddedServer(join(folder, 'torc.db'));
  const client = connect(server.url);
  const text = JSON.stringify({
    name: 'bench',
    jobs: [{ name: 'j{i}', command: 'true', parameters: { i: `1:${count}` } }],
  });
  const { spec, source } = parseSpec(text, 'bench.json');
  const id = await createWorkflow(client, expand(spec, source), { user: 'bench', monitorResources: true });
  await initialize(client, id);
  const before = process.cpuUsage();
  const began = performance.now();
  const { completed } = await runWorkflow(client, id, { outputDir: join(folder, 'output') });
  const runner = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  if (completed !== count) throw new Error(`${completed} of ${count} jobs completed`);
  client.close();
  await server.stop();
  return { runner, processor: (user + system) / 1e6 };
}

/** Percent of one processor. */
async function loadOfMonitor(jobs: number, seconds: number): Promise<number> {
  const monitor = new ResourceMonitor(1, null, (error) => console.error(error.message));
  const children = Array.from({ length: jobs }, () =>
    spawn('bash', ['-c', 'sleep 600 & sleep 600 & wait'], { detached: true, stdio: 'ignore' }),
  );
  for (const [place, { pid }] of children.entries()) monitor.watch(place, `job ${place}`, pid ?? 0);
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const { user, system } = process.cpuUsage(before);
  for (const { pid } of children) process.kill(-(pid ?? 0), 'SIGKILL');
  monitor.close();
  return (user + system) / 1e4 / seconds;
}

const folder = mkdtempSync(join(tmpdir(), 'afterok-runner-bench-'));
try {
  const xargs = secondsOfXargs();
  const { runner, processor } = await secondsOfRunner(folder);
  const files = secondsOfFiles(join(folder, 'files'));
  print({ measure: `${count} jobs of true`, xargs, runner, processor, files, ratio: runner / xargs });
  const percent = await loadOfMonitor(20, 20);
  print({ measure: 'monitor, 20 jobs of 3 processes, a sample a second', percentOfOneProcessor: percent });
} finally {
  rmSync(folder, { recursive: true, force: true });
}

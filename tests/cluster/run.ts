import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../../lib/package-root.js';

/** Tests that stop daemons of the cluster: one after the other, when nothing else runs. */
const OUTAGES = ['accounting-down.test.js', 'controller-down.test.js'];

const HERE = dirname(fileURLToPath(import.meta.url));
const CLUSTER = `${PACKAGE_ROOT}docker/cluster`;

const state = mkdtempSync(join(tmpdir(), 'afterok-cluster-'));
const env = {
  ...process.env,
  AFTEROK_CLUSTER_STATE: state,
  AFTEROK_CLUSTER_PORT: process.env.AFTEROK_CLUSTER_PORT ?? '18800',
};
let running: ReturnType<typeof spawn> | null = null;
let interrupted = false;

/** Runs a program with our own standard streams; returns its exit code. */
async function follow(program: string, args: readonly string[]): Promise<number> {
  // A process group of its own: Ctrl-C reaches us alone, and we end what runs in order.
  const child = spawn(program, args, {
    cwd: PACKAGE_ROOT,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  running = child;
  const [code] = (await once(child, 'close')) as [number | null];
  running = null;
  return code ?? 1;
}

async function tap(jobs: number, names: readonly string[]): Promise<number> {
  if (names.length === 0 || interrupted) return 0;
  const manifest = createRequire(import.meta.url).resolve('tap/package.json');
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { tap: string } };
  const files = names.map((name) => join(HERE, name));
  const options = ['run', `--jobs=${jobs}`, '--timeout=600', '--reporter=tap'];
  return await follow(process.execPath, [join(dirname(manifest), bin.tap), ...options, ...files]);
}

/** The test files that the arguments name by a part of their name, or all. */
function wanted(parts: readonly string[]): string[] {
  const all = readdirSync(HERE).filter((name) => name.endsWith('.test.js'));
  return parts.length === 0 ? all : all.filter((name) => parts.some((part) => name.includes(part)));
}

function interrupt(): void {
  interrupted = true;
  const pid = running?.pid;
  if (pid !== undefined) process.kill(-pid, 'SIGTERM');
}

/** Boots a cluster, runs the tests on it, and takes it down whatever happens. */
async function main(): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  const names = wanted(process.argv.slice(2));
  if (names.length === 0) throw new Error(`no test file is called ${process.argv.slice(2).join(' or ')}`);
  try {
    const up = await follow(CLUSTER, ['up', '--profile', 'fast']);
    if (up !== 0 || interrupted) return up || 130;
    const together = await tap(
      6,
      names.filter((name) => !OUTAGES.includes(name)),
    );
    const alone = await tap(
      1,
      names.filter((name) => OUTAGES.includes(name)),
    );
    return interrupted ? 130 : together || alone;
  } finally {
    await follow(CLUSTER, ['wipe']);
    rmSync(state, { recursive: true, force: true });
  }
}

process.exitCode = await main();

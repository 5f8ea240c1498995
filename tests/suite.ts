import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PACKAGE_ROOT } from '../lib/package-root.js';

/** Test files that need a cluster, and the programs that boot and end it. Ctrl-C ends what runs, in order. */
export class Suite {
  private running: ReturnType<typeof spawn> | null = null;
  interrupted = false;

  /**
   * @param folder where the compiled test files are
   * @param env of everything that is run
   */
  constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.interrupt());
  }

  /** Runs a program with our own standard streams; returns its exit code. */
  async follow(program: string, args: readonly string[]): Promise<number> {
    // A process group of its own: Ctrl-C reaches us alone, and we end what runs in order.
    const child = spawn(program, args, {
      cwd: PACKAGE_ROOT,
      env: this.env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    this.running = child;
    const [code] = (await once(child, 'close')) as [number | null];
    this.running = null;
    return code ?? 1;
  }

  /** Runs these test files, so many at once. */
  async tap(jobs: number, names: readonly string[]): Promise<number> {
    if (names.length === 0 || this.interrupted) return 0;
    const manifest = createRequire(import.meta.url).resolve('tap/package.json');
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { tap: string } };
    const files = names.map((name) => join(this.folder, name));
    const options = ['run', `--jobs=${jobs}`, '--timeout=600', '--reporter=tap'];
    return await this.follow(process.execPath, [join(dirname(manifest), bin.tap), ...options, ...files]);
  }

  /**
   * The test files that the words name by a part of their name, or all.
   *
   * @throws Error when there is none
   */
  named(words: readonly string[]): string[] {
    const all = readdirSync(this.folder).filter((name) => name.endsWith('.test.js'));
    const named = words.length === 0 ? all : all.filter((name) => words.some((word) => name.includes(word)));
    if (named.length === 0) throw new Error(`no test file is called ${words.join(' or ')}`);
    return named;
  }

  private interrupt(): void {
    this.interrupted = true;
    const pid = this.running?.pid;
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  }
}

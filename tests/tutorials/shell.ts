import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Test } from 'tap';

/** What a command said, and its exit code. */
export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/** Bash as somebody types into it: variables of one command are there for the next. */
export class Shell {
  private stdout = '';
  private stderr = '';
  private count = 0;
  private notify: () => void = () => {};
  private readonly bash: ChildProcessWithoutNullStreams;

  constructor(t: Test, cwd: string, env: NodeJS.ProcessEnv) {
    this.bash = spawn('bash', { cwd, env });
    this.bash.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.stdout += chunk;
      this.notify();
    });
    this.bash.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      this.stderr += chunk;
      this.notify();
    });
    const ended = once(this.bash, 'close').then(() => this.notify());
    t.teardown(async () => {
      this.bash.stdin.end();
      await ended;
    });
  }

  /** Runs commands to their end, those in the background too. What they read is not what this shell reads. */
  async run(commands: string): Promise<Said> {
    this.count += 1;
    const end = `--- end of ${this.count}: `;
    this.stdout = '';
    this.stderr = '';
    this.bash.stdin.write(
      `{ ${commands}\n} </dev/null\ncode=$?; wait; echo "${end}" >&2; echo "${end}$code"\n`,
    );
    while (!this.stdout.includes(end) || !this.stderr.includes(end)) {
      if (this.bash.exitCode !== null) throw new Error(`the shell ended: ${this.stderr}`);
      await new Promise<void>((resolve) => {
        this.notify = resolve;
      });
    }
    const [stdout = '', code] = this.stdout.split(end);
    return { code: Number(code), stdout, stderr: this.stderr.split(end)[0] ?? '' };
  }
}

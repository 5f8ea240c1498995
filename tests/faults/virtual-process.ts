import { setImmediate as turn } from 'node:timers/promises';
import { withClock } from '../../lib/clock.js';
import { type SideEffect, withWitness } from '../../lib/side-effect.js';
import { type ProgramOptions, type ProgramResult, withPrograms } from '../../lib/slurm/programs.js';
import type { Timeline } from './timeline.js';

/** Thrown inside a process that has died: none of its code may do anything any more. */
export class Killed extends Error {}

/** What a process lives in. */
export interface World {
  timeline: Timeline;
  /** The clock of the machine that it runs on, seconds since the epoch. */
  clock(): number;
  /** Runs a program; before and after it so many seconds pass. */
  call(argv: readonly string[], options: ProgramOptions): { before: number; after: number };
  execute(argv: readonly string[], options: ProgramOptions): Promise<ProgramResult>;
  /** A side effect is about to happen, or has happened; what it throws is what the operating system says. */
  witness(process: VirtualProcess, moment: 'before' | 'after', effect: SideEffect): void;
}

export type ProcessEnd = { kind: 'done' } | { kind: 'failed'; error: unknown } | { kind: 'killed' };

interface Wait {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * A process of the chain's code in virtual time. One process runs at a time: it goes on until it waits, for the clock or
 * for a program, or ends. So a history has no races but those that its seed decides.
 */
export class VirtualProcess {
  /** Moments before and after side effects that it has come to, as AFTEROK_KILL_AT counts them. */
  moments = 0;
  /** The lock folder that it holds. */
  lock: string | null = null;
  /** The checkpoint that it has written. */
  checkpoint: string | null = null;
  end: ProcessEnd | null = null;
  private dead: Killed | null = null;
  private readonly waits = new Set<Wait>();
  private onYield: (() => void) | null = null;
  private ended: Promise<void> = Promise.resolve();

  constructor(
    readonly name: string,
    readonly env: NodeJS.ProcessEnv,
    private readonly world: World,
    /** Dies at this moment, counted from 1; null for never. */
    public killAt: number | null = null,
  ) {}

  /** Starts it; resolves when it waits for the first time or has ended. */
  async start(work: () => Promise<void>, onEnd: (end: ProcessEnd) => void): Promise<void> {
    const yielded = this.nextYield();
    this.ended = this.live(work).then((end) => {
      this.end = end;
      onEnd(end);
      this.yield();
    });
    await yielded;
  }

  /** Kills it as SIGKILL does: nothing that it would have done still happens. */
  async kill(): Promise<void> {
    if (this.end !== null) return;
    const killed = this.die();
    for (const wait of this.waits) wait.reject(killed);
    this.waits.clear();
    await this.ended;
  }

  get killed(): boolean {
    return this.dead !== null;
  }

  private async live(work: () => Promise<void>): Promise<ProcessEnd> {
    const { world } = this;
    const clock = { now: () => world.clock(), sleep: (seconds: number) => this.wait(seconds) };
    const programs = (argv: readonly string[], options: ProgramOptions) => this.program(argv, options);
    const witness = (moment: 'before' | 'after', effect: SideEffect) => this.witness(moment, effect);
    try {
      await withClock(clock, () => withPrograms(programs, () => withWitness(witness, work)));
    } catch (error) {
      if (this.dead === null) return { kind: 'failed', error };
    }
    return this.dead === null ? { kind: 'done' } : { kind: 'killed' };
  }

  private witness(moment: 'before' | 'after', effect: SideEffect): void {
    if (this.dead !== null) throw this.dead;
    this.moments += 1;
    if (this.moments === this.killAt) throw this.die();
    this.world.witness(this, moment, effect);
  }

  private die(): Killed {
    this.dead = new Killed(`${this.name} was killed at its moment ${this.moments}`);
    return this.dead;
  }

  private async program(argv: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
    const { before, after } = this.world.call(argv, options);
    await this.wait(before);
    const result = await this.world.execute(argv, options);
    await this.wait(after);
    return result;
  }

  private async wait(seconds: number): Promise<void> {
    if (this.dead !== null) throw this.dead;
    await new Promise<void>((resolve, reject) => {
      const wait: Wait = { resolve, reject };
      this.waits.add(wait);
      this.world.timeline.after(seconds, () => this.goOn(wait));
      this.yield();
    });
  }

  private async goOn(wait: Wait): Promise<void> {
    if (!this.waits.delete(wait)) return;
    const yielded = this.nextYield();
    // With another wait open (Promise.all), or none of its own left, it may have nothing to do now.
    const idle = this.waits.size > 0 || this.end !== null;
    wait.resolve();
    await (idle ? Promise.race([yielded, turn()]) : yielded);
  }

  private nextYield(): Promise<void> {
    return new Promise((resolve) => {
      this.onYield = resolve;
    });
  }

  private yield(): void {
    const { onYield } = this;
    this.onYield = null;
    onYield?.();
  }
}

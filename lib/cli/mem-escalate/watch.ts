import { setTimeout as sleep } from 'node:timers/promises';
import type { Checkpoint } from '../../chain/checkpoint.js';
import { type LiveRound, liveCounts } from '../../chain/live-round.js';
import { readCheckpoint } from '../../chain/open-chain.js';
import type { ChainPaths } from '../../chain/paths.js';
import { type ChainStatus, chainStatus } from '../../chain/status.js';
import { AfterokError } from '../../errors.js';
import { SlurmCommandError } from '../../slurm/command-error.js';
import { displayOf, LiveScreen, type ScreenStream } from '../live-screen.js';
import { renderStatus, summaryLine } from './status-view.js';

export interface WatchOptions {
  /** Seconds between two looks at the queue; 5 by default. */
  interval?: number;
  env: NodeJS.ProcessEnv;
  /** Null shows nothing. */
  stream: ScreenStream | null;
  signal: AbortSignal;
  /** Return when nothing will happen by itself any more; otherwise only the signal ends the watch. */
  untilEnded: boolean;
}

const DEFAULT_INTERVAL = 5;

/** Seconds between two looks at the checkpoint, a small file. */
const FILE_INTERVAL = 1;

/** Seconds that a new state of the file waits for the queue's side of the picture before it is shown without. */
const ANSWER_PATIENCE = 2;

/** A chain whose handler is just between two jobs looks stalled for a moment. */
const STALLED_LOOKS = 2;

/**
 * Stays with a chain without locking it, and returns its last status: when it has ended, when it waits for a person, or
 * when the signal is aborted. While Slurm does not answer, the last picture stays, with a note.
 *
 * @throws AfterokError when there is no such chain, or not any more
 */
export async function watchChain(paths: ChainPaths, options: WatchOptions): Promise<ChainStatus> {
  const { stream, env, signal, untilEnded } = options;
  const watch = new Watch(paths, options);
  const screen = stream === null ? null : new LiveScreen(stream);
  try {
    for (;;) {
      if (watch.look()) {
        const status = watch.status();
        if (stream !== null) {
          screen?.show(() => renderStatus(status, displayOf(stream, env)), summaryLine(status));
        }
        if (untilEnded && watch.isOver(status)) return status;
      }
      if (signal.aborted) return watch.status();
      await watch.pause();
    }
  } finally {
    screen?.close();
  }
}

/** What is known of a chain while it is watched. The queue is asked beside the loop: its answer may take long. */
class Watch {
  private checkpoint: Checkpoint;
  private live: LiveRound | null = null;
  private note: string | null = null;
  private asking: Promise<void> | null = null;
  private failure: unknown = null;
  /** When the queue is asked again, and when what is known is worth showing; milliseconds since the epoch. */
  private askAt = 0;
  private showAt = Date.now() + ANSWER_PATIENCE * 1000;
  private stalledLooks = 0;

  constructor(
    private readonly paths: ChainPaths,
    private readonly options: WatchOptions,
  ) {
    this.checkpoint = readCheckpoint(paths);
  }

  /** Looks at the file, asks the queue when that is due, and tells whether there is something new to show. */
  look(): boolean {
    if (this.failure !== null) throw this.failure;
    this.readFile();
    if (this.asking === null && Date.now() >= this.askAt) this.ask();
    if (Date.now() < this.showAt) return false;
    this.showAt = Number.POSITIVE_INFINITY;
    return true;
  }

  status(): ChainStatus {
    return chainStatus(this.checkpoint, this.live, { note: this.note });
  }

  isOver(status: ChainStatus): boolean {
    if (status.state === 'STALLED') return this.stalledLooks >= STALLED_LOOKS;
    return status.ended || status.needsResume;
  }

  /** Until the file is due, an answer has come or the watch is aborted. */
  async pause(): Promise<void> {
    const timer = new AbortController();
    const signal = AbortSignal.any([this.options.signal, timer.signal]);
    const wait = sleep(Math.min(FILE_INTERVAL, this.interval) * 1000, null, { signal }).catch(() => null);
    await Promise.race([wait, this.asking ?? wait]);
    timer.abort();
  }

  private get interval(): number {
    return this.options.interval ?? DEFAULT_INTERVAL;
  }

  private readFile(): void {
    let next: Checkpoint;
    try {
      next = readCheckpoint(this.paths);
    } catch (error) {
      // A network filesystem that stumbles once is no reason to give up; a chain that is gone is.
      if (error instanceof AfterokError && error.code === 'checkpoint-unusable') return;
      throw error;
    }
    if (next.sequence === this.checkpoint.sequence) return;
    this.checkpoint = next;
    this.stalledLooks = 0;
    this.askAt = 0;
    this.showAt = Date.now() + ANSWER_PATIENCE * 1000;
  }

  private ask(): void {
    const asked = this.checkpoint;
    this.askAt = Date.now() + this.interval * 1000;
    this.asking = this.answer(asked)
      .catch((error: unknown) => {
        this.failure = error;
      })
      .finally(() => {
        this.asking = null;
        // An answer about a state that is over is not worth showing: the next question is asked at once.
        if (asked === this.checkpoint) this.showAt = 0;
      });
  }

  private async answer(asked: Checkpoint): Promise<void> {
    try {
      const live = await liveCounts(asked, this.options.env, {
        paths: this.paths,
        withAccounting: this.options.stream !== null,
      });
      const stalled = asked === this.checkpoint && chainStatus(asked, live).state === 'STALLED';
      this.stalledLooks = stalled ? this.stalledLooks + 1 : 0;
      this.live = live;
      this.note = null;
    } catch (error) {
      if (!(error instanceof SlurmCommandError)) throw error;
      const shown = this.live === null ? '' : '; shown is what was seen last';
      this.note = `the queue cannot be read: ${error.message}${shown}`;
    }
  }
}

/** Lets a loop sleep until something happens; what happens while it is awake keeps it from sleeping at all. */
export class WakeUp {
  private isDue = false;
  private wake: (() => void) | null = null;

  notify(): void {
    this.isDue = true;
    this.wake?.();
  }

  /** Waits for a notification, but no longer than so many seconds. */
  async wait(seconds: number): Promise<void> {
    if (!this.isDue) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(seconds, MAX_SECONDS) * 1000);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = null;
    }
    this.isDue = false;
  }
}

/** Timers of more milliseconds than 2^31 end at once. */
const MAX_SECONDS = 24 * 3600;

import type { StopSignals } from '../../runner/options.js';

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Ends a runner by signals to this process: the first one gently, the second one at once. */
export interface SignalStops {
  signals: StopSignals;
  /** 128 and the first signal's number, as shells have it; null as long as there was none. */
  exitCode: () => number | null;
  release: () => void;
}

/** @param onSignal is told of each */
export function stopBySignals(onSignal: (isFirst: boolean) => void): SignalStops {
  const [stop, kill] = [new AbortController(), new AbortController()];
  let code: number | null = null;
  const listener = (signal: NodeJS.Signals) => {
    onSignal(code === null);
    if (code !== null) return kill.abort();
    code = 128 + SIGNALS[signal as keyof typeof SIGNALS];
    stop.abort();
  };
  const names = Object.keys(SIGNALS) as NodeJS.Signals[];
  for (const name of names) process.on(name, listener);
  return {
    signals: { stop: stop.signal, kill: kill.signal },
    exitCode: () => code,
    release: () => {
      for (const name of names) process.off(name, listener);
    },
  };
}

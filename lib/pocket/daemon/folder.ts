import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** The daemon's files in the state folder; launcher.pl says what each is for. */
export interface DaemonFolder {
  folder: string;
  /** FIFO that only the daemon reads. */
  wake: string;
  lock: string;
  log: string;
  stopped: string;
  runs: string;
  jobs: string;
}

export function daemonFolder(folder: string): DaemonFolder {
  return {
    folder,
    wake: join(folder, 'wake'),
    lock: join(folder, 'daemon.lock'),
    log: join(folder, 'daemon.log'),
    stopped: join(folder, 'stopped'),
    runs: join(folder, 'runs'),
    jobs: join(folder, 'jobs'),
  };
}

/** Makes the folders that launcher and daemon write to, for the owner alone. */
export function makeDaemonFolders({ runs, jobs }: DaemonFolder): void {
  mkdirSync(runs, { recursive: true, mode: 0o700 });
  mkdirSync(jobs, { recursive: true, mode: 0o700 });
}

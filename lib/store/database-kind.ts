/** A kind of database that we keep, as far as opening one and complaining about it goes. */
export interface DatabaseKind {
  /** What it is called in messages. */
  noun: string;
  /** Files in lib/store/migrations, in order; never changed once released. */
  migrations: readonly string[];
  /** What to do about one that is damaged. */
  whenDamaged: string;
}

export const HISTORY_DATABASE: DatabaseKind = {
  noun: 'history database',
  migrations: ['history/001-history.sql'],
  whenDamaged: 'make it anew from the checkpoints: mem-escalate --rebuild-db',
};

export const WORKFLOW_DATABASE: DatabaseKind = {
  noun: 'workflow database',
  migrations: ['workflows/001-workflows.sql'],
  whenDamaged: 'restore it from a backup, or name another file: --database FILE',
};

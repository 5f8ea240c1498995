import type { FastifyBaseLogger } from 'fastify';

/** What whoever starts a server decides about it. */
export interface ServerOptions {
  /** A file of `name:bcrypt hash` lines; null: nobody has to say who he is, and everybody is `anonymous`. */
  htpasswdFile: string | null;
  /** Whether every request needs a name and a password, rather than those only that bring them. */
  requireAuth: boolean;
  /** How long a password that was right is not hashed again; 0: it is every time. */
  credentialCacheSeconds: number;
  /** Whether workflows are for their owners and their groups alone. */
  enforceAccessControl: boolean;
  /** The members of the group `admin`, all of them: it is made to be so at start. */
  adminUsers: readonly string[];
  /** Null: nothing is logged. */
  logger: FastifyBaseLogger | null;
}

/** A server for one person on one machine. */
export const DEFAULT_SERVER_OPTIONS: ServerOptions = {
  htpasswdFile: null,
  requireAuth: false,
  credentialCacheSeconds: 60,
  enforceAccessControl: false,
  adminUsers: [],
  logger: null,
};

export interface ListenOptions {
  /** `127.0.0.1` */
  host: string;
  /** 0: one that is free. */
  port: number;
  /** PEM texts; null: HTTP. */
  https: { key: string; cert: string } | null;
  /** The database file, or `:memory:`. */
  database: string;
  /** What `GET /version` answers. */
  version: string;
}

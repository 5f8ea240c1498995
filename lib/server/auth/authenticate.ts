import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.js';
import type { ServerOptions } from '../options.js';
import { basicCredentials } from './basic.js';
import { CredentialCache, type Credentials } from './credential-cache.js';
import { FailedLogins } from './failed-logins.js';
import { PasswordFile } from './password-file.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; `anonymous` when nobody has said who he is. */
    user: string;
  }
}

/** Whoever has not said who he is. */
export const ANONYMOUS = 'anonymous';

/**
 * Finds out who asks, before anything else is done with a request: on every path, known or not.
 *
 * @throws AfterokError when the password file cannot be read
 */
export function authenticate(app: FastifyInstance, options: ServerOptions, now: () => number): void {
  app.decorateRequest('user', ANONYMOUS);
  const { htpasswdFile, requireAuth, credentialCacheSeconds } = options;
  if (htpasswdFile === null) return;
  const file = new PasswordFile(htpasswdFile);
  app.log.info(`Loaded ${file.size} users from htpasswd file ${htpasswdFile}`);
  const cache = new CredentialCache(
    ({ user, password }) => file.verify(user, password),
    credentialCacheSeconds,
    now,
  );
  const failures = new FailedLogins(now);
  app.addHook('onRequest', async (request) => {
    const credentials = basicCredentials(request.headers.authorization);
    if (credentials !== null && (await isRight(request, credentials, cache, failures))) {
      request.user = credentials.user;
    } else if (requireAuth) {
      if (credentials === null) request.log.warn('Authentication required but no credentials provided');
      throw unauthorized();
    }
  });
}

/** @throws ApiError 429 after too many that were wrong */
async function isRight(
  request: FastifyRequest,
  credentials: Credentials,
  cache: CredentialCache,
  failures: FailedLogins,
): Promise<boolean> {
  if (cache.isKnown(credentials) || cache.isUnderway(credentials)) return await cache.isRight(credentials);
  const attempt = failures.begin(request.ip, credentials.user);
  if ('retryAfter' in attempt) {
    const headers = { 'retry-after': String(attempt.retryAfter) };
    throw new ApiError(429, 'Too many failed attempts to log in', {}, {}, headers);
  }
  const right = await cache.isRight(credentials);
  if (right) attempt.succeeded();
  else request.log.warn({ user: credentials.user, ip: request.ip }, 'Authentication failed');
  return right;
}

function unauthorized(): ApiError {
  return new ApiError(401, 'Unauthorized', {}, {}, { 'www-authenticate': 'Basic realm="Torc"' });
}

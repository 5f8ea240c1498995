import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { AfterokError } from '../../errors.js';

/** PEM texts, or the files that they are in. */
export interface KeyAndCertificate {
  key: string;
  cert: string;
}

/** @throws AfterokError when they cannot be read, or do not belong together */
export function readTls(files: KeyAndCertificate): KeyAndCertificate {
  const pem = { key: readPem(files.key), cert: readPem(files.cert) };
  try {
    createSecureContext(pem);
    return pem;
  } catch (error) {
    const message = `key ${files.key} and certificate ${files.cert}: ${(error as Error).message}`;
    throw new AfterokError('server-unusable', message, null, { cause: error });
  }
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const message = `cannot read ${file}: ${(error as Error).message}`;
    throw new AfterokError('server-unusable', message, null, { cause: error });
  }
}

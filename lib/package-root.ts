import { fileURLToPath } from 'node:url';

/** The package's own folder, with a slash at its end: this file runs as `dist/lib/package-root.js`. */
export const PACKAGE_ROOT = fileURLToPath(new URL('../../', import.meta.url));

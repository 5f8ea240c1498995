import { readFileSync } from 'node:fs';
import { PACKAGE_ROOT } from '../package-root.js';

const { version } = JSON.parse(readFileSync(`${PACKAGE_ROOT}package.json`, 'utf8')) as { version: string };

/** Ours, as package.json has it. */
export const PROGRAM_VERSION = version;

import { join } from 'node:path';
import { Chalk, chalkStderr } from 'chalk';
import { type Logger, multistream, pino, type StreamEntry } from 'pino';
import { AfterokError } from '../../../errors.js';
import { makeFolder } from '../../../make-folder.js';
import type { LogLevel } from '../../config-files/settings.js';
import { logLine } from './log-line.js';
import { RotatedFile, type Rotation } from './rotated-file.js';

const LOG_FILE = 'torc-server.log';

const ROTATION: Rotation = { size: 10 * 1024 * 1024, files: 5 };

export interface LogOptions {
  level: LogLevel;
  /** Whether people look at stderr; not so of a daemon. */
  console: boolean;
  /** Null: no file. */
  folder: string | null;
  /** One JSON object a line, in the file; people always get text. */
  json: boolean;
}

export interface ServerLog {
  logger: Logger;
  close(): void;
}

/** @throws AfterokError when the log file cannot be opened */
export function openServerLog(options: LogOptions, rotation = ROTATION): ServerLog {
  const file = options.folder === null ? null : openFile(options.folder, rotation);
  const plain = new Chalk({ level: 0 });
  const streams = [
    options.console ? (line: string) => process.stderr.write(logLine(line, chalkStderr)) : null,
    file === null ? null : (line: string) => file.write(options.json ? line : logLine(line, plain)),
  ].filter((write) => write !== null);
  const level = options.level === 'off' ? 'silent' : options.level;
  // Each stream takes what the logger lets through.
  const entries = streams.map(
    (write): StreamEntry => ({ level: 'trace', stream: { write: (line) => void write(line) } }),
  );
  const logger = pino({ level, serializers: { err: pino.stdSerializers.err } }, multistream(entries));
  return { logger, close: () => file?.close() };
}

function openFile(folder: string, rotation: Rotation): RotatedFile {
  try {
    makeFolder(folder);
    return new RotatedFile(join(folder, LOG_FILE), rotation);
  } catch (error) {
    throw new AfterokError(
      'server-unusable',
      `cannot write the log in ${folder}: ${(error as Error).message}`,
      'another folder: --log-dir',
      { cause: error },
    );
  }
}

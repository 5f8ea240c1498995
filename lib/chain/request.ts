import { readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { AfterokError } from '../errors.js';
import { FormatError } from '../format-error.js';
import { compress } from '../slurm/array-cover.js';
import { ArraySpecError, count, expand, findOverlap, parseArraySpec } from '../slurm/array-spec.js';
import { type BatchScript, readBatchScript } from '../slurm/batch-script.js';
import { findOption, parseSbatchOptions, type SbatchOption } from '../slurm/sbatch-options.js';
import type { ChainRequest } from './checkpoint.js';
import { type ExportRequest, parseExport } from './environment.js';
import { excludedByPerson } from './exclude-option.js';
import { sha256 } from './kept-script.js';

/** What a person asks for on the command line, before anything is checked. */
export interface ChainWish {
  script: string;
  args: string[];
  array: string | null;
  throttle: number | null;
  /** `--export`, as often as it was given. */
  exports: string[];
  /** sbatch options passed on, as they were given. */
  sbatchOptions: string[];
  startLevel: number;
  maxLevel: number;
}

/** A checked wish: the request that the chain keeps, and what goes into files of their own. */
export interface CheckedRequest {
  request: ChainRequest;
  scriptContent: Buffer;
  /** Variables that `--export` sets. */
  variables: Record<string, string>;
  tasks: number;
  account: string | null;
  qos: string | null;
}

/** The largest number of tasks that is taken for meant: Slurm's MaxArraySize goes up to 4,000,001. */
const MAX_TASKS = 4_000_001;

/** Options of sbatch that the chain itself sets, and what to do instead. */
const RESERVED: Readonly<Record<string, string>> = {
  array: 'use --array of mem-escalate',
  mem: 'the ladder sets it; use --config or --start-mem',
  'mem-per-cpu': 'the ladder sets --mem, and sbatch refuses both',
  'mem-per-gpu': 'the ladder sets --mem, and sbatch refuses both',
  time: 'the ladder sets it; use --config',
  export: 'use --export of mem-escalate',
  hold: 'the chain holds and releases its jobs itself',
  wait: 'use --wait of mem-escalate',
  wrap: 'give a script',
  parsable: 'use --parsable of mem-escalate',
  'test-only': 'use --dry-run',
  requeue: 'the chain retries; two layers of retries run a task twice',
  clusters: 'a chain lives on one cluster',
};

/** In the script's own `#SBATCH` lines, the same is overridden by the chain where it can be; these cannot. */
const RESERVED_IN_SCRIPT = ['wait', 'test-only', 'clusters', 'hold', 'mem-per-cpu', 'mem-per-gpu'];

/** Conditions of the first start: repeated in later rounds they would be void or wrong. */
const FIRST_ROUND_ONLY = ['dependency', 'begin', 'deadline'];

/**
 * Checks what was asked for, without asking the cluster anything.
 *
 * @throws AfterokError, one line on the first thing that is wrong
 */
export function checkRequest(wish: ChainWish, env: NodeJS.ProcessEnv, cwd: string): CheckedRequest {
  const path = resolve(cwd, wish.script);
  const scriptContent = readScript(path, wish.script);
  const directives = readDirectives(scriptContent, wish.script);
  const options = parseOptions(wish.sbatchOptions, '--sbatch');
  refuse(options, Object.keys(RESERVED), '--sbatch');
  refuse(directives, RESERVED_IN_SCRIPT, wish.script);
  const array = readArray(wish, directives);
  const exported = readExports(wish.exports, findOption(directives, 'export')?.value ?? null, env);
  const both = [...directives, ...options];
  const passed = options.filter(({ name }) => name !== 'comment' && name !== 'exclude');
  const first = (option: SbatchOption) => FIRST_ROUND_ONLY.includes(option.name);
  return {
    request: {
      script: { path, name: basename(path), sha256: sha256(scriptContent) },
      args: wish.args,
      cwd,
      array: array?.indices ?? null,
      throttle: wish.throttle ?? array?.throttle ?? null,
      export: { mode: exported.mode, names: [...Object.keys(exported.set), ...exported.take] },
      options: passed.filter((option) => !first(option)).flatMap((option) => option.text),
      firstRoundOptions: passed.filter(first).flatMap((option) => option.text),
      comment: findOption(both, 'comment')?.value ?? null,
      exclude: excludedByPerson(findOption(both, 'exclude')?.value ?? null, cwd),
      output: findOption(both, 'output')?.value ?? null,
      error: findOption(both, 'error')?.value ?? null,
      startLevel: wish.startLevel,
      maxLevel: wish.maxLevel,
    },
    scriptContent,
    variables: exported.set,
    tasks: array?.tasks ?? 1,
    account: findOption(both, 'account')?.value ?? null,
    qos: findOption(both, 'qos')?.value ?? null,
  };
}

function readScript(path: string, name: string): Buffer {
  try {
    if (!statSync(path).isFile()) throw new AfterokError('bad-script', `${name} is not a file`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof AfterokError) throw error;
    const { message } = error as Error;
    throw new AfterokError('bad-script', `cannot read script ${name}: ${message.split(',')[0]}`, null, {
      cause: error,
    });
  }
}

function readDirectives(content: Buffer, name: string): SbatchOption[] {
  let script: BatchScript;
  try {
    script = readBatchScript(content.toString('utf8'));
  } catch (error) {
    if (error instanceof FormatError)
      throw new AfterokError('bad-script', `${name}: ${error.message}`, null, { cause: error });
    throw error;
  }
  if (script.hetjob) throw new AfterokError('bad-script', `${name}: heterogeneous jobs cannot be escalated`);
  // One argument list over all lines, as sbatch reads them.
  return parseOptions(
    script.directives.flatMap((directive) => directive.tokens),
    name,
  );
}

function parseOptions(tokens: readonly string[], where: string): SbatchOption[] {
  try {
    return parseSbatchOptions(tokens);
  } catch (error) {
    if (error instanceof FormatError)
      throw new AfterokError('bad-option', `${where}: ${error.message}`, null, { cause: error });
    throw error;
  }
}

function refuse(options: readonly SbatchOption[], names: readonly string[], where: string): void {
  const option = options.find(({ name }) => names.includes(name));
  if (option === undefined) return;
  throw new AfterokError(
    'bad-option',
    `${where}: --${option.name} cannot be passed on: ${RESERVED[option.name]}`,
  );
}

function readArray(
  wish: ChainWish,
  directives: readonly SbatchOption[],
): { indices: string; throttle: number | null; tasks: number } | null {
  const text = wish.array ?? findOption(directives, 'array')?.value ?? null;
  if (text === null) return null;
  try {
    const spec = parseArraySpec(text, { maxTasks: MAX_TASKS });
    const twice = findOverlap(spec);
    if (twice !== null) throw new ArraySpecError(`index ${twice} is named twice`);
    return { indices: compress(expand(spec)), throttle: spec.throttle, tasks: count(spec) };
  } catch (error) {
    if (!(error instanceof ArraySpecError)) throw error;
    throw new AfterokError(
      'bad-array',
      `--array ${text}: ${error.message}`,
      'for example 0-99, 1,3,5-7:2 or 0-999%50',
      { cause: error },
    );
  }
}

function readExports(
  texts: readonly string[],
  inScript: string | null,
  env: NodeJS.ProcessEnv,
): MergedExport {
  const merged = scriptExport(inScript);
  for (const text of texts) {
    const parsed = parseExport(text);
    if (parsed === null) {
      throw new AfterokError(
        'bad-option',
        `--export ${JSON.stringify(text)}: expected NAME=VALUE, NAME, ALL or NONE, separated by commas`,
      );
    }
    merged.mode = parsed.mode ?? merged.mode;
    Object.assign(merged.set, parsed.set);
    merged.take.push(...parsed.take);
  }
  const missing = merged.take.find((name) => env[name] === undefined);
  if (missing !== undefined)
    throw new AfterokError('bad-option', `--export ${missing}: there is no such variable in the environment`);
  return merged;
}

type MergedExport = ExportRequest & { mode: ChainRequest['export']['mode'] };

/** A script's own `#SBATCH --export` keeps sbatch's meaning: a list without ALL passes nothing else. */
function scriptExport(text: string | null): MergedExport {
  if (text === null) return { mode: 'ALL', set: {}, take: [] };
  const parsed = parseExport(text);
  if (parsed === null || parsed.mode === 'NIL') return { mode: 'NIL', set: {}, take: [] };
  return { ...parsed, mode: parsed.mode ?? 'NONE' };
}

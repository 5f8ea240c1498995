import { AfterokError } from '../../errors.js';
import type { ParsedArguments } from '../parse.js';
import { MEM_ESCALATE } from './spec.js';

type Mode = (args: ParsedArguments) => Promise<number>;

/** What each selecting option runs; modules are loaded when they are needed. */
const MODES: Readonly<Record<string, () => Promise<Mode>>> = {
  status: async () => (await import('./status.js')).runStatus,
  list: async () => (await import('./list.js')).runList,
  cancel: async () => (await import('./cancel.js')).runCancel,
  resume: async () => (await import('./resume.js')).runResume,
  report: async () => (await import('./report.js')).runReport,
  'rebuild-db': async () => (await import('./rebuild-db.js')).runRebuild,
};

const SUBCOMMANDS: Readonly<Record<string, () => Promise<(argv: string[]) => Promise<number>>>> = {
  compress: async () => (await import('./compress.js')).runCompress,
  expand: async () => (await import('./expand.js')).runExpand,
  doctor: async () => (await import('./doctor.js')).runDoctor,
  advise: async () => (await import('./advise.js')).runAdvise,
  simulate: async () => (await import('./simulate.js')).runSimulate,
};

/** mem-escalate: chooses what to run from the first word and the selecting options. */
export async function memEscalate(argv: string[]): Promise<number> {
  const [first = '--help', ...rest] = argv;
  const subcommand = Object.hasOwn(SUBCOMMANDS, first) ? SUBCOMMANDS[first] : undefined;
  if (subcommand !== undefined) return await (await subcommand())(rest);
  if (first === '--help' || first === '-h') return await printHelp();
  const [{ parseArguments }, { attachSbatchOptions }] = await Promise.all([
    import('../parse.js'),
    import('./sbatch-options.js'),
  ]);
  const args = parseArguments(MEM_ESCALATE, attachSbatchOptions(argv));
  if (args.has('help')) return await printHelp();
  if (args.has('version')) return await printVersion();
  if (args.has('local')) (await import('../local.js')).useLocalScheduler(process.env);
  const chosen = Object.keys(MODES).filter((name) => args.has(name));
  if (chosen.length > 1) {
    throw new AfterokError(
      'bad-option',
      `${chosen.map((name) => `--${name}`).join(' and ')} cannot be combined`,
    );
  }
  const load = MODES[chosen[0] ?? ''];
  if (load === undefined) return await (await import('./submit.js')).runSubmit(args);
  if (args.positionals.length > 0) {
    throw new AfterokError('bad-option', `--${chosen[0]} takes no script, found ${args.positionals[0]}`);
  }
  return await (await load())(args);
}

async function printHelp(): Promise<number> {
  const { renderHelp } = await import('../help.js');
  process.stdout.write(renderHelp(MEM_ESCALATE));
  return 0;
}

async function printVersion(): Promise<number> {
  const { readFileSync } = await import('node:fs');
  const { PACKAGE_ROOT } = await import('../../package-root.js');
  const { version } = JSON.parse(readFileSync(`${PACKAGE_ROOT}package.json`, 'utf8')) as { version: string };
  process.stdout.write(`afterok ${version}\n`);
  return 0;
}

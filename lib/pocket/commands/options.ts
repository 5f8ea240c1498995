import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageRefusal, unsupported } from '../refusal.js';
import type { Program } from './programs.js';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What a command line says: values by option, and the words that belong to none. */
export type ReadOptions<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/** Options that Slurm 22.05 has and pocket Slurm lacks: somebody who uses one must hear so. */
const LACKING: Readonly<Partial<Record<Program, string>>> = {
  squeue:
    '-A --account -M --clusters --federation --help --hide -i --iterate -L --licenses --local --priority -q --qos -R --reservation --sibling --start -s --steps --usage -v --verbose --yaml',
  sacct:
    '-c --completion -C --constraints -M --clusters --federation -f --file --flags -F -g --gid --group --help -i --nnodes -I --ncpus -k --timelimit-min -K --timelimit-max -l --long --local -N --nodelist --noconvert -q --qos -R --reason -T --truncate --usage -v --verbose -W --wckeys -x --associations --yaml',
  sinfo:
    '-d --dead --federation -F --future -M --clusters --help --hide -i --iterate --local --noconvert -O --Format -S --sort -T --reservation --usage -v --verbose --yaml',
  scancel:
    '-A --account --ctld --cron -H --hurry --help -i --interactive -M --clusters -q --qos -R --reservation --sibling --usage -w --nodelist --wckey',
};

/**
 * The options and words of a command line, by the table of options that the program has. sbatch alone reads its own,
 * since it shares them with batch scripts.
 *
 * @throws UsageRefusal for what is not in the table, and for a missing or superfluous value
 */
export function readOptions<const T extends Options>(
  program: Program,
  argv: readonly string[],
  options: T,
): ReadOptions<T> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw unknownOption(program, /'(-[^' ]*)/.exec(message)?.[1] ?? message);
    if (code?.startsWith('ERR_PARSE_ARGS')) throw new UsageRefusal([`error: ${message.split('. ')[0]}`]);
    throw error;
  }
}

/** srun takes options without end: none of it is said to be wrong. */
function unknownOption(program: Program, option: string): UsageRefusal {
  const lacking = LACKING[program]?.split(' ');
  if (lacking === undefined || lacking.includes(option)) return unsupported(option);
  const words = option.startsWith('--')
    ? `unrecognized option '${option}'`
    : `invalid option -- '${option.slice(1)}'`;
  return new UsageRefusal([`${program}: ${words}`, `Try "${program} --help" for more information`]);
}

/** The words of a comma separated option that may be given several times; none where it was not. */
export function listed(value: string | string[] | undefined): string[] {
  return [value ?? []]
    .flat()
    .flatMap((text) => text.split(','))
    .filter((word) => word !== '');
}

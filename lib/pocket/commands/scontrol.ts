import { formatHostList, parseHostList } from '../../slurm/host-list.js';
import { Refusal, UsageRefusal, unsupported } from '../refusal.js';
import { hold, release, requeue, updateJob, updateNode } from '../scheduler/control.js';
import type { PocketState } from '../state/state.js';
import type { CommandContext } from './command.js';
import { fault } from './faults.js';
import { indexList } from './index-list.js';
import { parseJobTargets } from './job-target.js';
import { controllerRecords } from './records.js';
import { NotFound, show, showConfig } from './scontrol-show.js';
import { jobChanges, nodeChanges, settingsOf } from './scontrol-update.js';

type Verb = (words: readonly string[], oneLine: boolean, context: CommandContext) => number;

const VERBS: Readonly<Record<string, Verb>> = {
  hold: (words, _, context) => keepAll(words, context, hold),
  uhold: (words, _, context) => keepAll(words, context, hold),
  release: (words, _, context) => keepAll(words, context, release),
  requeue: (words, _, context) =>
    eachJob(words, context, (target, now) => requeue(context.state, target, now)) === null ? 0 : 1,
  ping: (_words, _, context) => ping(context),
  show: showEntity,
  update: (words, _, context) => update(words, context),
  version: (_words, _, { out }) => {
    out('slurm 22.05.8\n');
    return 0;
  },
};

/** scontrol: shows and changes what the controller holds. */
export async function scontrol(argv: readonly string[], context: CommandContext): Promise<number> {
  const words = argv.filter((word) => !word.startsWith('-'));
  const options = argv.filter((word) => word.startsWith('-'));
  const oneLine = options.some((word) => /^(-o|--oneliner)$/.test(word));
  const other = options.find((word) => !/^(-o|--oneliner|-d|-dd|--details|-Q|--quiet)$/.test(word));
  if (other !== undefined) throw unsupported(other);
  const [verb = '', ...rest] = words;
  const run = verbNamed(verb);
  if (run === undefined) {
    if (VERBS_OF_SLURM.has(verb.toLowerCase())) throw unsupported(`scontrol ${verb}`);
    throw new UsageRefusal([`invalid keyword: ${verb}`]);
  }
  try {
    return run(rest, oneLine, context);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    context.err(`${error.message}\n`);
    return 1;
  }
}

/** What scontrol(1) has and pocket Slurm lacks. */
const VERBS_OF_SLURM: ReadonlySet<string> = new Set(
  'cancel_reboot create completing delete errnumstr getaddrs listpids notify reboot reconfigure requeuehold resume setdebug setdebugflags shutdown suspend takeover top token wait_job write'.split(
    ' ',
  ),
);

/** scontrol takes verbs by their beginning: `rel`, `sh`. */
function verbNamed(word: string): Verb | undefined {
  const verb = word.toLowerCase();
  const name = Object.keys(VERBS).find(
    (known) => known === verb || (verb.length >= 2 && known.startsWith(verb)),
  );
  return name === undefined ? undefined : VERBS[name];
}

function ping({ state, out }: CommandContext): number {
  const down = fault(state, 'controller_down') > 0;
  out(`Slurmctld(primary) at localhost is ${down ? 'DOWN' : 'UP'}\n`);
  return down ? 1 : 0;
}

function showEntity(words: readonly string[], oneLine: boolean, context: CommandContext): number {
  // `show job=12` is the same as `show job 12`.
  const [entity = '', id] = words.flatMap((word) => word.split('='));
  const { out, err } = context;
  if (entity.startsWith('config')) out(showConfig(context));
  else if (entity === 'hostnames') out(`${parseHostList(id ?? '').join('\n')}\n`);
  else if (entity === 'hostlist') out(`${formatHostList((id ?? '').split(','))}\n`);
  else {
    try {
      out(show(entity, id, oneLine, context));
    } catch (error) {
      if (error instanceof NotFound) out(`${error.message}\n`);
      else if (error instanceof Refusal) err(`${asker(entity, id ?? '')}${error.message}\n`);
      else throw error;
      return 1;
    }
  }
  return 0;
}

/** The call that failed, as scontrol names it. */
function asker(entity: string, id: string): string {
  if (!entity.startsWith('job')) return '';
  return `${/^\d/.test(id) ? 'slurm_load_jobs' : 'scontrol_print_job'} error: `;
}

/** Does the same with every job named, and goes on behind one that is refused. @returns the last refusal */
function eachJob(
  words: readonly string[],
  { state, err, wake }: CommandContext,
  act: (target: ReturnType<typeof parseJobTargets>[number], now: number) => void,
): Refusal | null {
  if (words.length === 0) throw new UsageRefusal(['too few arguments for keyword:job']);
  let last: Refusal | null = null;
  for (const word of words.flatMap((list) => list.split(/,(?![^[]*\])/))) {
    try {
      for (const target of parseJobTargets(word)) act(target, state.clock.now());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      err(refusalLine(error, word, state));
      last = error;
    }
  }
  wake();
  return last;
}

/** Slurm speaks of the tasks of an array that wait in its own way. */
function refusalLine({ message }: Refusal, word: string, state: PocketState): string {
  const waiting = /^\d+$/.test(word)
    ? controllerRecords(state, state.clock.now(), { split: 'none', jobs: [Number(word)] }).flatMap(
        ({ part }) => (part.kind === 'rest' ? part.indices : []),
      )
    : [];
  return waiting.length > 0 ? `${word}_${indexList(waiting)}: ${message}\n` : `${message} for job ${word}\n`;
}

/** hold and release say what went wrong last a second time. */
function keepAll(words: readonly string[], context: CommandContext, keep: typeof hold): number {
  const refusal = eachJob(words, context, (target, now) => keep(context.state, target, now));
  if (refusal === null) return 0;
  context.err(`slurm_suspend error: ${refusal.message}\n`);
  return 1;
}

function update(words: readonly string[], context: CommandContext): number {
  const settings = settingsOf(words);
  const { state, err, wake } = context;
  const now = state.clock.now();
  const job = settings.get('jobid') ?? settings.get('job');
  const node = settings.get('nodename');
  if (job !== undefined) {
    const changes = jobChanges(settings, words, state, now);
    try {
      for (const target of parseJobTargets(job)) updateJob(state, target, changes, now);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      err(refusalLine(error, job, state));
      return 1;
    }
  } else if (node !== undefined) {
    const changes = nodeChanges(settings);
    for (const name of parseHostList(node)) updateNode(state, name, changes, now);
  } else {
    throw new UsageRefusal([
      'No valid entity in update command',
      'Input line must include "NodeName", "JobId"',
    ]);
  }
  wake();
  return 0;
}

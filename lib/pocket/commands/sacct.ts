import { userInfo } from 'node:os';
import { parseJobId } from '../../slurm/job-id.js';
import { parseJobState } from '../../slurm/job-state.js';
import { UsageRefusal, unsupported } from '../refusal.js';
import { accountingRecords } from './accounting.js';
import { readBeginTime } from './begin-time.js';
import type { CommandContext } from './command.js';
import { listed, readOptions } from './options.js';
import { ACCOUNTING_COLUMNS, type AccountingColumn } from './sacct-columns.js';
import type { AccountingRecord } from './sacct-record.js';

const OPTIONS = {
  accounts: { type: 'string', short: 'A' },
  allocations: { type: 'boolean', short: 'X' },
  allusers: { type: 'boolean', short: 'a' },
  array: { type: 'boolean' },
  brief: { type: 'boolean', short: 'b' },
  delimiter: { type: 'string' },
  duplicates: { type: 'boolean', short: 'D' },
  endtime: { type: 'string', short: 'E' },
  format: { type: 'string', short: 'o' },
  helpformat: { type: 'boolean', short: 'e' },
  jobs: { type: 'string', short: 'j', multiple: true },
  json: { type: 'boolean' },
  name: { type: 'string' },
  noheader: { type: 'boolean', short: 'n' },
  parsable: { type: 'boolean', short: 'p' },
  parsable2: { type: 'boolean', short: 'P' },
  partition: { type: 'string', short: 'r' },
  starttime: { type: 'string', short: 'S' },
  state: { type: 'string', short: 's' },
  user: { type: 'string', short: 'u' },
  units: { type: 'string' },
} as const;

const DEFAULT_FORMAT = 'jobid,jobname,partition,account,alloccpus,state,exitcode';
const BRIEF_FORMAT = 'jobid,state,exitcode';

/** sacct: what became of jobs. */
export async function sacct(argv: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = readOptions('sacct', withLongNames(argv), OPTIONS);
  if (positionals.length > 0) throw new UsageRefusal([`error: Unrecognized option: ${positionals[0]}`]);
  if (values.units !== undefined) throw unsupported('--units');
  const { env, out, state } = context;
  if (values.helpformat === true) {
    out(`${[...ACCOUNTING_COLUMNS.values()].map(({ heading }) => heading).join('\n')}\n`);
    return 0;
  }
  const now = state.clock.now();
  const columns = chosenColumns(
    values.format ?? (values.brief === true ? BRIEF_FORMAT : env.SACCT_FORMAT) ?? DEFAULT_FORMAT,
  );
  const jobs = listed(values.jobs).map(parseWanted);
  // Without ids and states: what was there since midnight (sacct(1), --starttime).
  const since =
    values.starttime === undefined
      ? jobs.length > 0
        ? 0
        : midnight(now)
      : readBeginTime(values.starttime, now);
  const until = values.endtime === undefined ? Number.POSITIVE_INFINITY : readBeginTime(values.endtime, now);
  const states = listed(values.state).map(wantedState);
  const users = listed(values.user);
  const mine = [userInfo().username];
  const records = accountingRecords(state, {
    duplicates: values.duplicates === true,
    jobs: jobs.length === 0 ? null : jobs.map(({ job }) => Number(job)),
    now,
  })
    .filter(
      (record) =>
        jobs.length === 0 ||
        jobs.some((one) => isOf(record, values.allocations === true ? { ...one, step: null } : one)),
    )
    .filter(({ user, submission }) => {
      if (values.allusers === true || (users.length === 0 && jobs.length > 0)) return true;
      const wanted = users.length > 0 ? users : submission.uid === 0 ? [user] : mine;
      return wanted.includes(user) || wanted.includes(String(submission.uid));
    })
    .filter(({ submittedAt, endedAt }) => submittedAt <= until && (endedAt ?? now) >= since)
    .filter((record) => states.length === 0 || states.includes(record.state.split(' ')[0] ?? ''))
    .filter(({ step }) => values.allocations !== true || step === null)
    .filter(({ name }) => values.name === undefined || values.name.split(',').includes(name))
    .filter(
      ({ partition }) => values.partition === undefined || values.partition.split(',').includes(partition),
    );
  if (values.json === true) {
    const { accountingJson } = await import('./sacct-json.js');
    out(accountingJson(records));
    return 0;
  }
  const delimiter = values.delimiter ?? '|';
  const heading = values.noheader !== true;
  const plain = values.parsable2 === true || values.parsable === true;
  const end = values.parsable === true && values.parsable2 !== true ? delimiter : '';
  const lines = plain
    ? [
        ...(heading ? [columns.map((column) => column.heading)] : []),
        ...records.map((record) => columns.map((column) => column.value(record, env))),
      ].map((cells) => cells.join(delimiter) + end)
    : table(columns, records, env, heading);
  out(lines.map((line) => `${line}\n`).join(''));
  return 0;
}

/** `--parsable2` and `-P` have a long name in sacct that parseArgs cannot abbreviate; `--noheader` is written so too. */
function withLongNames(argv: readonly string[]): string[] {
  return argv.map((word) => (word === '--job' ? '--jobs' : word));
}

interface ChosenColumn extends AccountingColumn {
  width: number;
}

/** `JobID,State%20,JobName%-30`. */
function chosenColumns(format: string): ChosenColumn[] {
  return format.split(',').flatMap((word) => {
    const [, name = '', width] = /^([^%]*)(?:%(-?\d+))?$/.exec(word.trim()) ?? [];
    if (name === '') return [];
    const column = ACCOUNTING_COLUMNS.get(name.toLowerCase());
    if (column === undefined) throw missingColumn(name);
    return [{ ...column, width: width === undefined ? column.width : Number(width) }];
  });
}

/** Fields that Slurm 22.05 has and pocket Slurm lacks. */
const FIELDS_OF_SLURM =
  /^(admincomment|associd|avecpu|avecpufreq|avediskread|avediskwrite|avepages|avevmsize|blockid|constraints|consumedenergy(raw)?|container|dbindex|flags|layout|max(diskread|diskwrite|pages|rss|vmsize)(node|task)?|mcslabel|mincpu(node|task)?|priority|qosraw|reqcpufreq(gov|max|min)?|reqtres|reservation(id)?|reserved|resvcpu(raw)?|suspended|systemcomment|systemcpu|tresusage(in|out)(ave|max|maxnode|maxtask|min|minnode|mintask|tot)|usercpu|wckey(id)?)$/i;

function missingColumn(name: string): UsageRefusal {
  if (FIELDS_OF_SLURM.test(name)) return unsupported(`the field ${name}`);
  return new UsageRefusal([`error: Invalid field requested: "${name}"`]);
}

function wantedState(word: string): string {
  const { state } = parseJobState(word);
  if (state === 'UNKNOWN') throw new UsageRefusal([`fatal: unrecognized job state value '${word}'`]);
  return state;
}

function table(
  columns: readonly ChosenColumn[],
  records: readonly AccountingRecord[],
  env: NodeJS.ProcessEnv,
  heading: boolean,
): string[] {
  const row = (value: (column: ChosenColumn) => string) =>
    columns.map((column) => `${cell(value(column), column.width)} `).join('');
  const lines = records.map((record) => row((column) => column.value(record, env)));
  if (!heading) return lines;
  return [row(({ heading: text }) => text), row(({ width }) => '-'.repeat(Math.abs(width))), ...lines];
}

/** A value that is too long is cut, and marked by a plus. */
function cell(text: string, width: number): string {
  const room = Math.abs(width);
  const cut = text.length > room ? `${text.slice(0, room - 1)}+` : text;
  return width < 0 ? cut.padEnd(room) : cut.padStart(room);
}

interface Wanted {
  job: string;
  task: string | null;
  step: string | null;
}

function parseWanted(word: string): Wanted {
  try {
    const id = parseJobId(word);
    return { job: String(id.job), task: id.kind === 'task' ? String(id.task) : null, step: id.step };
  } catch {
    throw new UsageRefusal([`fatal: Bad job/step specified: ${word}`]);
  }
}

function isOf({ id, rawId, step }: AccountingRecord, wanted: Wanted): boolean {
  if (wanted.step !== null && wanted.step !== step) return false;
  const [, job, task] = /^(\d+)(?:_(\d+|\[[^\]]*\]))?/.exec(id) ?? [];
  if (wanted.task !== null) return job === wanted.job && task === wanted.task;
  return job === wanted.job || rawId.split('.')[0] === wanted.job;
}

function midnight(now: number): number {
  const day = new Date(now * 1000);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate()).getTime() / 1000;
}

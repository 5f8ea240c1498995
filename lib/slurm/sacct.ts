import { readerEnv, runSlurm, runSlurmByLine } from './command.js';
import { type ExitCode, parseExitCode } from './exit-code.js';
import { type JobId, parseJobId } from './job-id.js';
import { type ParsedJobState, parseJobState } from './job-state.js';
import { parseMaxRss } from './memory-size.js';
import { rowOrNone } from './row-or-none.js';

/** One row of accounting: a job, an array task, the pending rest of an array, or one of their steps. */
export interface AccountingRow {
  id: JobId;
  /** The number under which the controller runs it; differs from the array's for all but one task. */
  rawId: string;
  state: ParsedJobState;
  exit: ExitCode;
  /** Node names as Slurm prints them; null before the job has started. */
  nodes: string | null;
  /** Seconds. */
  elapsed: number;
  /** Allocated CPUs: 0 before the job has started, null when accounting does not tell. */
  cpus: number | null;
  /** Bytes; only on step rows, and far below the limit after an OOM (it is sampled). */
  maxRss: number | null;
  /** Seconds since the epoch; null while unknown. */
  submit: number | null;
  start: number | null;
  end: number | null;
  /** Empty until the job has ended, and always where the site does not keep it (AccountingStoreFlags). */
  comment: string;
}

/** The comment is last: `-P` does not escape what stands in it. */
const FIELDS = 'JobID,JobIDRaw,State,ExitCode,NodeList,ElapsedRaw,AllocCPUS,MaxRSS,Submit,Start,End,Comment';
const COLUMNS = FIELDS.split(',').length;

/**
 * Hands over the accounting rows of the named jobs, steps included, in one query and as they come: those of a large
 * array are too many to be kept. With `-j` accounting lags 0.1 to 5 s behind the controller, without it 2 to 5 s.
 *
 * @throws SlurmCommandError when accounting cannot be read: that says nothing about the jobs
 */
export async function sacct(
  jobIds: readonly string[],
  env: NodeJS.ProcessEnv,
  onRow: (row: AccountingRow) => void,
): Promise<void> {
  const argv = ['sacct', '-n', '-P', `--format=${FIELDS}`, '-j', jobIds.join(',')] as const;
  const texts: Texts = new Map();
  await runSlurmByLine(argv, { env: readerEnv(env) }, (line) => parseRow(line, texts).forEach(onRow));
}

/**
 * Whether accounting answers: asks for nothing that is large.
 *
 * @throws SlurmCommandError when it does not
 */
export async function sacctAnswers(env: NodeJS.ProcessEnv): Promise<void> {
  const argv = ['sacct', '-n', '-P', '-X', '--format=JobID', '-j', '1', '-S', 'now'] as const;
  await runSlurm(argv, { env: readerEnv(env) });
}

/** Rows of `sacct -n -P`; lines that are not rows (banners) are passed over. */
export function parseAccounting(stdout: string): AccountingRow[] {
  const texts: Texts = new Map();
  return stdout.split('\n').flatMap((line) => parseRow(line, texts));
}

/** What is read once for all rows that say the same, and kept apart from the lines that it stood in. */
type Texts = Map<string, Pick<AccountingRow, 'state' | 'exit' | 'nodes'>>;

function parseRow(line: string, texts: Texts): AccountingRow[] {
  const fields = line.split('|');
  if (fields.length < COLUMNS) return [];
  const [id, rawId, state, exit, nodes, elapsed, cpus, maxRss, submit, start, end] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return rowOrNone(() => ({
    id: parseJobId(id),
    rawId,
    ...wordsOf(state, exit, nodes, texts),
    elapsed: Number(elapsed) || 0,
    cpus: /^\d+$/.test(cpus) ? Number(cpus) : null,
    maxRss: parseMaxRss(maxRss),
    submit: epoch(submit),
    start: epoch(start),
    end: epoch(end),
    comment: fields.slice(COLUMNS - 1).join('|'),
  }));
}

function wordsOf(state: string, exit: string, nodes: string, texts: Texts) {
  const key = `${state}|${exit}|${nodes}`;
  const known = texts.get(key);
  if (known !== undefined) return known;
  const words = {
    state: parseJobState(state),
    exit: parseExitCode(exit === '' ? '0:0' : exit),
    nodes: nodes === '' || nodes === 'None assigned' ? null : nodes,
  };
  texts.set(key, words);
  return words;
}

/** `Unknown` and `None` stand for times that have not come. */
function epoch(text: string): number | null {
  return text === '' || Number.isNaN(Number(text)) ? null : Number(text);
}

import { FormatError } from '../format-error.js';

/** `batch`, `extern`, `interactive`, `0`, `1+0` …; null on the row of the job itself. */
type Step = string | null;

/** What the JobID column of sacct and `%i` of squeue name. */
export type JobId =
  | { kind: 'job'; job: number; step: Step }
  | { kind: 'task'; job: number; task: number; step: Step }
  | { kind: 'het'; job: number; component: number; step: Step }
  /**
   * The tasks of an array that have no row of their own yet, `45_[3-10%2]`. sacct's is stale: it still names tasks
   * that have one.
   */
  | {
      kind: 'pending';
      job: number;
      /** The text between the brackets, throttle included: an array specification. */
      spec: string;
      /** The list was cut, `1_[1-2,4,19...]`, and its last number perhaps as well. SLURM_BITSTR_LEN=0 prevents it. */
      truncated: boolean;
      step: null;
    };

const EXPECTED = 'a job id such as 806, 806_3, 806_[5-10%2], 806+1, 806.batch or 806_3.0';

/** Job, then task, component or bracket, then step. Ten digits hold every 32-bit id. */
const JOB_ID =
  /^([1-9]\d{0,9})(?:_(0|[1-9]\d{0,9})|\+(0|[1-9]\d{0,9})|_\[([\d,:%.-]+)\])?(?:\.(batch|extern|interactive|\d{1,10}(?:\+\d{1,10})?))?$/;

/** @throws FormatError for anything else, the empty string included */
export function parseJobId(text: string): JobId {
  const match = JOB_ID.exec(text);
  if (match === null) throw new FormatError('job id', text, EXPECTED);
  const [, head, task, component, spec, step = null] = match;
  const job = Number(head);
  if (task !== undefined) return { kind: 'task', job, task: Number(task), step };
  if (component !== undefined) return { kind: 'het', job, component: Number(component), step };
  if (spec === undefined) return { kind: 'job', job, step };
  if (step !== null) throw new FormatError('job id', text, 'no step behind the pending rest of an array');
  return { kind: 'pending', job, spec, truncated: spec.includes('...'), step };
}

/** The text that parseJobId reads back as the same. */
export function formatJobId(id: JobId): string {
  const step = id.step === null ? '' : `.${id.step}`;
  switch (id.kind) {
    case 'job':
      return `${id.job}${step}`;
    case 'task':
      return `${id.job}_${id.task}${step}`;
    case 'het':
      return `${id.job}+${id.component}${step}`;
    case 'pending':
      return `${id.job}_[${id.spec}]`;
    default:
      return id satisfies never;
  }
}

import type { FailureHandlerSpec, JobSpec } from '../../lib/workflow/spec.js';
import type { Random } from './random.js';

const JOBS = 8;

/** How a job ends: at once well, well at its second attempt or a later one, or badly. */
export type Ending = 'well' | 'later' | 'badly';

export interface PlannedJob {
  spec: JobSpec & { name: string };
  ending: Ending;
}

/** What retries jobs that end well later; runners that die use up attempts as well. */
export const AGAIN: FailureHandlerSpec = {
  name: 'again',
  rules: [{ exit_codes: [3], max_retries: 9 }],
};

const EXITS: Record<Ending, string> = {
  well: '',
  later: '; [ $TORC_ATTEMPT_ID -ge 2 ] || exit 3',
  badly: '; exit 4',
};

/** Jobs that write into a journal when they start and end, and depend on some of those before them. */
export function randomJobs(random: Random, journal: string): PlannedJob[] {
  const planned: PlannedJob[] = [];
  for (let place = 0; place < JOBS; place += 1) {
    const ending = random.chance(0.15) ? 'later' : random.chance(0.15) ? 'badly' : 'well';
    const earlier = planned.filter(({ ending }) => ending !== 'badly').filter(() => random.chance(0.2));
    const mark = (what: string) => `echo ${what} $TORC_JOB_NAME $TORC_ATTEMPT_ID >> '${journal}'`;
    const seconds = random.chance(0.3) ? 0 : random.below(0.2);
    const command = `${mark('start')}; sleep ${seconds.toFixed(3)}; ${mark('end')}${EXITS[ending]}`;
    const spec = {
      ...{ name: `j${place}`, command, depends_on: earlier.map(({ spec }) => spec.name) },
      ...(ending === 'later' ? { failure_handler: AGAIN.name } : {}),
    };
    planned.push({ spec, ending });
  }
  return planned;
}

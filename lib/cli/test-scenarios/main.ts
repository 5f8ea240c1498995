import { AfterokError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import { PACKAGE_ROOT } from '../../package-root.js';
import { memEscalate } from '../mem-escalate/main.js';
import { SCENARIOS } from './scenarios.js';

const WIDTH = Math.max(...SCENARIOS.map(({ name }) => name.length)) + 2;

const HELP = `test-scenarios - run mem-escalate on a job whose tasks fail in predictable ways

Usage:
  test-scenarios <scenario> [mem-escalate options...]

Scenarios:
${SCENARIOS.map(({ name, expected }) => `  ${name.padEnd(WIDTH)}${expected}`).join('\n')}

Environment:
  VARIABLE_JOB_SCALE=0.02   run at a fiftieth of the time; time limits are still Slurm's own

Examples:
  # all four levels, watched on a terminal
  test-scenarios levels
  # in a script: quick, and fail unless every task completed
  VARIABLE_JOB_SCALE=0.02 test-scenarios oom --wait
`;

/** Submits one scenario; options behind its name go to mem-escalate. */
export async function testScenarios(argv: string[]): Promise<number> {
  const [name = '--help', ...options] = argv;
  if (name === '--help' || name === '-h') {
    process.stdout.write(HELP);
    return 0;
  }
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario === undefined) {
    const hint = nearest(
      name,
      SCENARIOS.map((candidate) => candidate.name),
    );
    throw new AfterokError(
      'bad-option',
      `unknown scenario ${name}; did you mean ${hint}?`,
      'test-scenarios --help lists them',
    );
  }
  const { array, exports } = scenario;
  return await memEscalate([
    `--array=${array}`,
    ...(exports === null ? [] : [`--export=${exports}`]),
    ...options,
    `${PACKAGE_ROOT}tests/jobs/variable-job.sh`,
  ]);
}

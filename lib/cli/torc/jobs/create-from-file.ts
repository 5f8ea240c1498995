import { readFileSync } from 'node:fs';
import { AfterokError } from '../../../errors.js';
import { MAX_BULK } from '../../../wire/limits.js';
import { fallback, integer, path, required, text } from '../../tree/option.js';
import { command } from '../command.js';

export const createJobsFromFile = command({
  name: 'create-from-file',
  summary: 'Create a job for each line of a file',
  description: [
    'Empty lines and lines that begin with # are left out. All jobs share their resource requirements.',
  ],
  positionals: {
    'workflow-id': required(integer('The workflow')),
    file: required(path('One command a line')),
  },
  options: {
    'cpus-per-job': fallback(integer('CPUs of one job', { least: 1 }), 1),
    'memory-per-job': fallback(text('Memory of one job: 1m, 2g', { value: 'SIZE' }), '1m'),
    'runtime-per-job': fallback(text('How long one job may run, ISO 8601', { value: 'DURATION' }), 'P0DT1M'),
  },
  examples: [
    { text: 'A list of commands', command: 'torc jobs create-from-file 1 commands.txt --memory-per-job 2g' },
  ],
  async run({ workflowId: id, file, cpusPerJob, memoryPerJob, runtimePerJob }, session) {
    const commands = readCommands(file);
    const client = await session.client();
    const { count } = await client.workflows.jobIds({ id });
    const { id: requirements } = await client.resourceRequirements.create({
      body: {
        ...{
          workflow_id: id,
          name: `jobs_from_${count + 1}`,
          num_cpus: cpusPerJob,
          num_gpus: 0,
          num_nodes: 1,
        },
        ...{ memory: memoryPerJob, runtime: runtimePerJob },
      },
    });
    const jobs = commands.map((line, at) => ({
      ...{ workflow_id: id, name: `job${count + at + 1}`, command: line },
      resource_requirements_id: requirements,
    }));
    for (let at = 0; at < jobs.length; at += MAX_BULK) {
      await client.jobs.createBulk({ body: { jobs: jobs.slice(at, at + MAX_BULK) } });
    }
    const message = `Successfully created ${jobs.length} jobs in workflow ${id}`;
    const answer = { status: 'success', message, workflow_id: id, jobs_created: jobs.length };
    session.show(answer, () => `${message}\n`);
  },
});

/** @throws AfterokError */
function readCommands(file: string): string[] {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    throw new AfterokError('bad-option', `cannot read ${file}: ${(error as Error).message}`, null, {
      cause: error,
    });
  }
  const lines = content.split(/\r?\n/).map((line) => line.trim());
  const commands = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (commands.length === 0)
    throw new AfterokError('bad-option', `${file} has no commands`, 'write one on each line');
  return commands;
}

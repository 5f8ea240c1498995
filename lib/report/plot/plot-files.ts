import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../make-folder.js';
import { type JobSamples, readMetrics } from '../../store/metrics/database.js';
import { figures } from './figures.js';
import { figurePage } from './page.js';

export interface PlotOptions {
  outputDir: string;
  /** Of all names: `resource_plot`. */
  prefix: string;
  /** Only these jobs; all when there are none. */
  jobs: readonly number[];
  format: 'html' | 'json';
}

/**
 * Draws what the runners of some databases have measured, and writes one file for each figure. Samples of one job in
 * several databases are one curve.
 *
 * @returns paths of the files, in the order of their writing; none when there are no samples
 * @throws AfterokError for a database that cannot be used
 */
export function plotResources(databases: readonly string[], options: PlotOptions): string[] {
  const { outputDir, prefix, jobs, format } = options;
  const samples = merge(databases.flatMap((path) => readMetrics(path, jobs)));
  if (samples.length === 0) return [];
  makeFolder(outputDir);
  return [...figures(samples)].map(([name, figure]) => {
    const path = join(outputDir, `${prefix}_${name}.${format}`);
    writeFileSync(path, format === 'json' ? `${JSON.stringify(figure, null, 2)}\n` : figurePage(figure));
    return path;
  });
}

function merge(parts: readonly JobSamples[]): JobSamples[] {
  const jobs = new Map<number, JobSamples>();
  for (const part of parts) {
    const known = jobs.get(part.jobId);
    const samples = [...(known?.samples ?? []), ...part.samples].sort((a, b) => a.timestamp - b.timestamp);
    jobs.set(part.jobId, { ...part, samples });
  }
  return [...jobs.values()].sort((a, b) => a.jobId - b.jobId);
}

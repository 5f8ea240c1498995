import type { JobSamples, StoredSample } from '../../store/metrics/database.js';

/** A curve or a row of bars, in Plotly's words. */
export interface Trace {
  type: 'scatter' | 'bar';
  mode?: 'lines+markers';
  name: string;
  x: (string | number)[];
  y: number[];
  /** Which of the figure's axes, one below the other: none for the first. */
  xaxis?: string;
  yaxis?: string;
}

interface Axis {
  title: { text: string };
  /** Part of the figure's height, from below. */
  domain?: [number, number];
  anchor?: string;
}

/** A figure as Plotly reads it from JSON. */
export interface Figure {
  data: Trace[];
  layout: { title: { text: string }; [axis: `xaxis${string}` | `yaxis${string}`]: Axis };
}

const MIB = 2 ** 20;

const CPU = { title: 'CPU (%)', of: (sample: StoredSample) => sample.cpuPercent };
const MEMORY = { title: 'Memory (MB)', of: (sample: StoredSample) => sample.memoryBytes / MIB };
const PROCESSES = { title: 'Processes', of: (sample: StoredSample) => sample.processes };
type Measure = typeof CPU;

const SINCE_FIRST = "Seconds since the job's first sample";

/**
 * The figures of a set of jobs, by the ends of their files' names: one for each job, comparisons when there are several,
 * and peaks and averages of all.
 */
export function figures(jobs: readonly JobSamples[]): Map<string, Figure> {
  const found = new Map(jobs.map((job) => [`job_${job.jobId}`, jobFigure(job)]));
  if (jobs.length > 1) {
    found.set('cpu_all_jobs', comparison('CPU of all jobs', CPU, jobs));
    found.set('memory_all_jobs', comparison('Memory of all jobs', MEMORY, jobs));
  }
  found.set('summary', summaryFigure(jobs));
  return found;
}

/** Processors, memory and processes of one job over time. */
function jobFigure({ jobId, jobName, samples }: JobSamples): Figure {
  const curves = [CPU, MEMORY, PROCESSES].map((measure, place) => ({
    ...curve(measure.title, measure, samples, samples[0]?.timestamp ?? 0),
    ...axesOf(place),
  }));
  return stacked(`Job ${jobId}: ${jobName}`, curves, [CPU, MEMORY, PROCESSES], SINCE_FIRST);
}

function comparison(title: string, measure: Measure, jobs: readonly JobSamples[]): Figure {
  const data = jobs.map(({ jobId, jobName, samples }) =>
    curve(`${jobName} (${jobId})`, measure, samples, samples[0]?.timestamp ?? 0),
  );
  return stacked(title, data, [measure], SINCE_FIRST);
}

function summaryFigure(jobs: readonly JobSamples[]): Figure {
  const names = jobs.map(({ jobId, jobName }) => `${jobName} (${jobId})`);
  const data = [CPU, MEMORY].flatMap((measure, place) => {
    const values = jobs.map(({ samples }) => samples.map(measure.of));
    const bars = (name: string, y: number[]): Trace => ({ type: 'bar', name, x: names, y, ...axesOf(place) });
    return [
      bars(
        `Peak ${measure.title}`,
        values.map((one) => one.reduce((a, b) => Math.max(a, b), 0)),
      ),
      bars(`Average ${measure.title}`, values.map(average)),
    ];
  });
  return stacked('Peak and average use of resources', data, [CPU, MEMORY], 'Job');
}

function curve(name: string, { of }: Measure, samples: readonly StoredSample[], since: number): Trace {
  const x = samples.map(({ timestamp }) => timestamp - since);
  return { type: 'scatter', mode: 'lines+markers', name, x, y: samples.map(of) };
}

/** One plot below the other, the first on top. */
function stacked(title: string, data: Trace[], measures: readonly Measure[], xTitle: string): Figure {
  const figure: Figure = { data, layout: { title: { text: title } } };
  const height = 1 / measures.length;
  for (const [place, measure] of measures.entries()) {
    const suffix = place === 0 ? '' : String(place + 1);
    const bottom = 1 - (place + 1) * height;
    const isLast = place === measures.length - 1;
    figure.layout[`xaxis${suffix}`] = { title: { text: isLast ? xTitle : '' }, anchor: `y${suffix}` };
    figure.layout[`yaxis${suffix}`] = {
      title: { text: measure.title },
      domain: [isLast ? 0 : bottom + 0.05, bottom + height],
    };
  }
  return figure;
}

function axesOf(place: number): Pick<Trace, 'xaxis' | 'yaxis'> {
  return place === 0 ? {} : { xaxis: `x${place + 1}`, yaxis: `y${place + 1}` };
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { choice, fallback, integer, path, repeated, required, text } from '../tree/option.js';
import { command } from './command.js';

export const plotResourcesCommand = command({
  name: 'plot-resources',
  summary: 'Draw what jobs used over time, from the databases of resource monitors',
  description: [
    'A runner writes output/resource_utilization/resource_metrics_*.db when the workflow has a resource_monitor with',
    'granularity: time_series. The pages hold everything they need; open them in a browser.',
  ],
  positionals: { 'db-paths': repeated(required(path('Databases of resource monitors'))) },
  options: {
    'output-dir': fallback(path('Where the files go', { alias: 'o', completion: 'folder' }), '.'),
    'job-ids': repeated(integer('Only these jobs', { alias: 'j' }), ','),
    prefix: fallback(text('What names of files begin with', { alias: 'p' }), 'resource_plot'),
    format: fallback(
      choice('html: pages; json: figures for Plotly', ['html', 'json'], { alias: 'f' }),
      'html',
    ),
  },
  examples: [
    {
      text: 'All jobs of a run',
      command: 'torc plot-resources output/resource_utilization/resource_metrics_*.db -o plots',
    },
  ],
  async run({ dbPaths, outputDir, jobIds: jobs, prefix, format }, session) {
    const { plotResources } = await import('../../report/plot/plot-files.js');
    const files = plotResources(dbPaths, { outputDir, prefix, jobs, format });
    if (files.length === 0) session.warn('there are no samples to draw');
    session.show({ files }, () => files.map((file) => `${file}\n`).join(''));
  },
});

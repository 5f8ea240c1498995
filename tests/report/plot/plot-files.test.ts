import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import vm from 'node:vm';
import { t } from 'tap';
import { plotResources } from '../../../lib/report/plot/plot-files.js';
import { MetricsDatabase } from '../../../lib/store/metrics/database.js';

function database(path: string, jobs: Record<number, string>): string {
  const db = MetricsDatabase.create(path);
  for (const [id, name] of Object.entries(jobs)) {
    db.addJob(Number(id), name);
    const sample = { jobId: Number(id), cpuPercent: 50, memoryBytes: 2 ** 20, processes: 2 };
    db.addSamples([1, 2, 3].map((second) => ({ ...sample, timestamp: 1000 + second })));
  }
  db.close();
  return path;
}

t.test('Files of one job and of several, by their documented names', async (t) => {
  const folder = t.testdir();
  const path = database(join(folder, 'deep', 'resource_metrics_h_1_1.db'), {
    15: 'train',
    16: '</script><b>',
  });
  const options = {
    outputDir: join(folder, 'plots'),
    prefix: 'resource_plot',
    jobs: [],
    format: 'html',
  } as const;
  const names = plotResources([path], options).map((file) => basename(file));
  t.same(names, [
    'resource_plot_job_15.html',
    'resource_plot_job_16.html',
    'resource_plot_cpu_all_jobs.html',
    'resource_plot_memory_all_jobs.html',
    'resource_plot_summary.html',
  ]);
  const page = readFileSync(join(options.outputDir, 'resource_plot_job_16.html'), 'utf8');
  t.equal(page.match(/<\/script>/g)?.length, 2, 'a name ends no script');
  t.notMatch(page, /https?:\/\/(?!www\.w3\.org)/, 'nothing is loaded from elsewhere');
  const script = page.slice(page.lastIndexOf('<script>') + 8, page.lastIndexOf('</script>'));
  t.doesNotThrow(() => new vm.Script(script));
  t.same(
    plotResources([path], { ...options, jobs: [15] }).map((file) => basename(file)),
    ['resource_plot_job_15.html', 'resource_plot_summary.html'],
  );
});

t.test('Figures as Plotly reads them', async (t) => {
  const folder = t.testdir();
  const path = database(join(folder, 'a.db'), { 1: 'one' });
  const [first = ''] = plotResources([path], { outputDir: folder, prefix: 'p', jobs: [], format: 'json' });
  const figure = JSON.parse(readFileSync(first, 'utf8'));
  t.match(figure.data[1], { type: 'scatter', name: 'Memory (MB)', x: [0, 1, 2], y: [1, 1, 1], yaxis: 'y2' });
  t.match(figure.layout, { title: { text: 'Job 1: one' }, yaxis3: { title: { text: 'Processes' } } });
});

t.test('A database that is not there, or is none', async (t) => {
  const folder = t.testdir({ 'none.db': 'no database at all, whatever it is called, and long enough' });
  const options = { outputDir: folder, prefix: 'p', jobs: [], format: 'html' } as const;
  t.throws(() => plotResources([join(folder, 'missing.db')], options), { code: 'database-unusable' });
  t.throws(() => plotResources([join(folder, 'none.db')], options), { code: 'database-unusable' });
});

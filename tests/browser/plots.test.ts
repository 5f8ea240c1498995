import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { type Test, t } from 'tap';
import { plotResources } from '../../lib/report/plot/plot-files.js';
import { MetricsDatabase } from '../../lib/store/metrics/database.js';
import { waitFor } from '../wait-for.js';
import { openBrowser, openFile, skip } from './browser.js';

const EVIL = '</script><img src=x onerror=alert(1)>"\'<!--<script>';

/** Pages of jobs of which each uses 100 % more CPU than the one before it; eleven samples, a minute apart. */
function plot(t: Test, names: readonly string[]): string {
  const folder = t.testdir();
  const path = join(folder, 'resource_metrics_h_1_1.db');
  const db = MetricsDatabase.create(path);
  for (const [at, name] of names.entries()) {
    db.addJob(at + 1, name);
    const used = { jobId: at + 1, cpuPercent: 100 * (at + 1), memoryBytes: 2 ** 30, processes: at + 1 };
    db.addSamples(Array.from({ length: 11 }, (_, minute) => ({ ...used, timestamp: 1000 + 60 * minute })));
  }
  db.close();
  plotResources([path], { outputDir: folder, prefix: 'p', jobs: [], format: 'html' });
  return folder;
}

const plots = (page: Page): Locator => page.locator('.plots > svg');
const curves = (page: Page): Locator => page.locator('.plots [data-series]');
const legend = (page: Page): Locator => page.locator('.legend label');
const axisTexts = async (page: Page): Promise<string[]> =>
  await plots(page).locator('> text').allTextContents();

/** A place in the drawing, in parts of its width and height. */
async function placeAt(page: Page, across: number, down: number): Promise<[number, number]> {
  const box = await plots(page).boundingBox();
  if (box === null) throw new Error('nothing is drawn');
  return [box.x + across * box.width, box.y + down * box.height];
}

async function drag(page: Page, from: number, to: number): Promise<void> {
  await page.mouse.move(...(await placeAt(page, from, 0.3)));
  await page.mouse.down();
  await page.mouse.move(...(await placeAt(page, to, 0.3)), { steps: 3 });
  await page.mouse.up();
}

t.test('Pages of plots in a browser', { skip }, async (t) => {
  const browser: Browser = await openBrowser();
  t.teardown(() => browser.close());

  t.test('jobs are compared: curves, legend, axes with units', async (t) => {
    const folder = plot(t, ['train', 'test', 'report']);
    const { page, faults } = await openFile(browser, join(folder, 'p_cpu_all_jobs.html'));
    t.equal(await page.title(), 'CPU of all jobs');
    t.same(await legend(page).allTextContents(), ['train (1)', 'test (2)', 'report (3)']);
    t.equal(await curves(page).count(), 3);
    const texts = await axisTexts(page);
    for (const text of ['CPU (%)', "Minutes since the job's first sample", '0', '10', '300']) {
      t.ok(texts.includes(text), `an axis says ${text}`);
    }
    t.same(faults, []);
  });

  t.test('pointing at a curve shows its value, beside the pointer and in the window', async (t) => {
    const folder = plot(t, ['train', 'test', 'report']);
    const { page, faults } = await openFile(browser, join(folder, 'p_cpu_all_jobs.html'));
    const tip = page.locator('.tip');
    t.equal(await tip.isVisible(), false);
    await curves(page).nth(1).locator('circle').last().hover();
    t.equal(await tip.textContent(), 'test (2): 200 after 10 min');
    const box = await tip.boundingBox();
    t.ok(box !== null && box.x + box.width <= 1280);
    await page.mouse.move(1, 1);
    t.equal(await tip.isVisible(), false);
    t.same(faults, []);
  });

  t.test('the legend hides and shows series', async (t) => {
    const folder = plot(t, ['train', 'test', 'report']);
    const { page, faults } = await openFile(browser, join(folder, 'p_cpu_all_jobs.html'));
    await legend(page).nth(2).click();
    t.equal(await curves(page).count(), 2);
    t.notOk((await axisTexts(page)).includes('300'), 'the axis fits what is left');
    await legend(page).nth(2).click();
    t.equal(await curves(page).count(), 3);
    await page.getByRole('button', { name: 'No series' }).click();
    t.equal(await curves(page).count(), 0);
    await page.getByRole('button', { name: 'All series' }).click();
    t.equal(await curves(page).count(), 3);
    t.same(faults, []);
  });

  t.test('dragging and buttons zoom, a double click shows all', async (t) => {
    const folder = plot(t, ['train']);
    const { page, faults } = await openFile(browser, join(folder, 'p_job_1.html'));
    const whole = await axisTexts(page);
    await drag(page, 0.4, 0.6);
    const part = await axisTexts(page);
    t.ok(part.includes("Seconds since the job's first sample"), 'a shorter stretch has a finer unit');
    await page.getByRole('button', { name: 'Move right' }).click();
    t.notSame(await axisTexts(page), part);
    await plots(page).dblclick();
    t.same(await axisTexts(page), whole);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    t.notSame(await axisTexts(page), whole);
    await page.getByRole('button', { name: 'Show all' }).click();
    t.same(await axisTexts(page), whole);
    t.same(faults, []);
  });

  t.test('the summary of 200 jobs: names that can be read, and values of bars', async (t) => {
    const names = Array.from({ length: 200 }, (_, at) => `work_${at + 1}_${'x'.repeat(at === 5 ? 150 : 3)}`);
    const folder = plot(t, names);
    const { page, faults } = await openFile(browser, join(folder, 'p_summary.html'));
    t.equal(await page.locator('.plots rect:not(clipPath rect)').count(), 800);
    const labels = page.locator('.plots > svg > text:has(title)');
    t.ok((await labels.count()) < 100, 'as many names as have room');
    await page.mouse.move(...(await placeAt(page, 0.5, 0.1)));
    t.match(
      await page.locator('.tip').textContent(),
      /^work_\d+_xxx \(\d+\), (Peak|Average) CPU \(%\): [\d,]+$/,
    );
    await page.setViewportSize({ width: 400, height: 800 });
    await waitFor('plots as narrow as the window', 10, async () => {
      const box = await plots(page).boundingBox();
      return (box?.width ?? 0) < 400 || undefined;
    });
    t.equal(await page.evaluate('document.documentElement.scrollWidth <= 400'), true, 'no scrolling aside');
    t.same(faults, []);
  });

  t.test('a picture is saved with its title and the names of its series', async (t) => {
    const folder = plot(t, ['train', 'test']);
    const { page, faults } = await openFile(browser, join(folder, 'p_cpu_all_jobs.html'));
    const saved = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name }).click(),
      ]);
      return { name: download.suggestedFilename(), content: readFileSync(await download.path()) };
    };
    const svg = await saved('Save as SVG');
    t.equal(svg.name, 'p_cpu_all_jobs.svg');
    t.match(svg.content.toString(), />CPU of all jobs<.*>train \(1\)<.*>test \(2\)</s);
    const png = await saved('Save as PNG');
    t.equal(png.name, 'p_cpu_all_jobs.png');
    t.equal(png.content.subarray(1, 4).toString(), 'PNG');
    t.same(faults, []);
  });

  t.test('names of jobs are text, whatever they are', async (t) => {
    const folder = plot(t, [EVIL, 'other']);
    for (const file of ['p_job_1.html', 'p_cpu_all_jobs.html', 'p_memory_all_jobs.html', 'p_summary.html']) {
      const { page, faults } = await openFile(browser, join(folder, file));
      t.equal(await page.locator('img').count(), 0, `${file} has no picture`);
      t.equal(await page.locator('script').count(), 2, `${file} has only our scripts`);
      t.ok((await page.locator('body').textContent())?.includes(EVIL), `${file} shows the name`);
      await page.mouse.move(...(await placeAt(page, 0.3, 0.2)));
      t.same(faults, [], file);
      await page.close();
    }
  });

  t.test('one sample, and none', async (t) => {
    const folder = t.testdir();
    const path = join(folder, 'one.db');
    const db = MetricsDatabase.create(path);
    const options = { outputDir: folder, prefix: 'p', jobs: [], format: 'html' } as const;
    t.same(plotResources([path], options), []);
    db.addJob(1, 'short');
    db.addSamples([{ jobId: 1, timestamp: 1000, cpuPercent: 0, memoryBytes: 0, processes: 1 }]);
    db.close();
    plotResources([path], options);
    const { page, faults } = await openFile(browser, join(folder, 'p_job_1.html'));
    t.equal(
      await page.locator('.plots circle').count(),
      4,
      'a dot in each plot, and the ring of the pointer',
    );
    t.same(faults, []);
  });

  t.test('light and dark', async (t) => {
    const folder = plot(t, ['train']);
    const { page } = await openFile(browser, join(folder, 'p_job_1.html'));
    const colours = async () =>
      await page.evaluate(
        '[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]',
      );
    await page.emulateMedia({ colorScheme: 'light' });
    t.same(await colours(), ['rgb(34, 34, 34)', 'rgb(255, 255, 255)']);
    await page.emulateMedia({ colorScheme: 'dark' });
    t.same(await colours(), ['rgb(221, 221, 221)', 'rgb(27, 27, 27)']);
  });
});

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PACKAGE_ROOT } from '../../package-root.js';
import type { Figure } from './figures.js';

/** The modules of the page's script, each after those that it imports. */
const MODULES = [
  'svg',
  'numbers',
  'axes',
  'curves',
  'bars',
  'plots',
  'hover',
  'view',
  'legend',
  'save',
  'main',
];

/**
 * A page that shows one figure, with everything in it: no server and no network is needed to look at it. The browser is
 * told to load nothing and to run no script but ours, whatever the names of jobs are.
 */
export function figurePage(figure: Figure): string {
  const script = pageScript();
  const style = chartFile('page.css');
  const title = escapeHtml(figure.layout.title.text);
  const policy = `default-src 'none'; img-src data:; script-src ${hash(script)}; style-src ${hash(style)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<h1>${title}</h1>
<div id="chart"></div>
<p class="hint">Point at a plot to read it, drag across it to look closer, double-click to see all of it again.</p>
<script type="application/json" id="figure">${jsonForHtml(figure)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** One script of all modules: a page that is opened as a file cannot import others. */
function pageScript(): string {
  const modules = MODULES.map((name) =>
    chartFile(`${name}.js`)
      .replaceAll(/^import [^;]*;\n/gm, '')
      .replaceAll(/^export /gm, ''),
  );
  return `(() => {\n'use strict';\n${modules.join('\n')}\nshowFigure();\n})();\n`;
}

function chartFile(name: string): string {
  return readFileSync(`${PACKAGE_ROOT}lib/report/plot/chart/${name}`, 'utf8');
}

/** A script or style as the policy of a page names it. */
function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Names of jobs may hold anything, the end of a script among it. */
function jsonForHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

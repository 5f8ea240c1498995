import { readFileSync } from 'node:fs';
import { PACKAGE_ROOT } from '../../package-root.js';
import type { Figure } from './figures.js';

/** A page that shows one figure, with everything in it: no server and no network is needed to look at it. */
export function figurePage(figure: Figure): string {
  const script = readFileSync(`${PACKAGE_ROOT}lib/report/plot/chart.js`, 'utf8');
  const title = escapeHtml(figure.layout.title.text);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
body { font: 14px system-ui, sans-serif; margin: 1.5em; color: #222; background: #fff; }
svg { width: 100%; height: auto; user-select: none; }
button { margin: 0 .5em .5em 0; }
.legend { display: flex; flex-wrap: wrap; gap: .2em 1em; }
.legend label { cursor: pointer; white-space: nowrap; }
.tip { position: fixed; pointer-events: none; background: #222; color: #fff; padding: .3em .6em; border-radius: 4px; }
</style>
</head>
<body>
<h1>${title}</h1>
<div id="chart"></div>
<script type="application/json" id="figure">${jsonForHtml(figure)}</script>
<script>
${script}</script>
</body>
</html>
`;
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

import { sampleLine } from './legend.js';
import { drawPlots } from './plots.js';
import { htmlElement, shortened, svgElement } from './svg.js';

const WIDTH = 960;
/** Series that a picture names; more would be no help. */
const NAMED = 30;
const [COLUMNS, LINE, HEAD] = [3, 18, 40];

export function saveButtons(figure, state) {
  const name = decodeURIComponent(location.pathname.split('/').pop() ?? '').replace(/\.html$/, '') || 'plot';
  const button = (textContent, onClick) => {
    const made = htmlElement('button', { type: 'button', textContent });
    made.addEventListener('click', onClick);
    return made;
  };
  return [
    button('Save as SVG', () => save(urlOf(picture(figure, state)), `${name}.svg`)),
    button('Save as PNG', () => savePng(picture(figure, state), `${name}.png`)),
  ];
}

/** What is in view, for paper: on white, with the title and the names of the series that the page has beside it. */
function picture(figure, { view, hidden }) {
  const { svg: plots } = drawPlots(figure, { view, hidden, width: WIDTH });
  const shown = figure.series.filter((one) => !hidden.has(one));
  const named = shown.length <= NAMED ? shown : [];
  const plotsEnd = HEAD + Number(plots.getAttribute('height'));
  const height = plotsEnd + Math.ceil(named.length / COLUMNS) * LINE + 10;
  const svg = svgElement('svg', {
    ...{ xmlns: 'http://www.w3.org/2000/svg', width: WIDTH, height, viewBox: `0 0 ${WIDTH} ${height}` },
    ...{ color: '#222', 'font-family': 'system-ui, sans-serif' },
  });
  plots.setAttribute('y', HEAD);
  const title = { x: 16, y: 27, 'font-size': 18, fill: 'currentColor' };
  svg.append(svgElement('rect', { width: WIDTH, height, fill: '#fff' }));
  svg.append(svgElement('text', title, shortened(figure.title, 90)), plots);
  for (const [at, one] of named.entries()) {
    const x = 16 + (at % COLUMNS) * ((WIDTH - 16) / COLUMNS);
    const entry = svgElement('g', {
      transform: `translate(${x} ${plotsEnd + Math.floor(at / COLUMNS) * LINE})`,
    });
    const label = { x: 32, y: 9, 'font-size': 12, fill: 'currentColor' };
    entry.append(sampleLine(one), svgElement('text', label, shortened(one.trace.name, 38)));
    svg.append(entry);
  }
  return svg;
}

function urlOf(svg) {
  const text = new XMLSerializer().serializeToString(svg);
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
}

/** Twice as many pixels, for screens and printers that have them. */
function savePng(svg, name) {
  const image = new Image();
  image.onload = () => {
    const [width, height] = [image.width * 2, image.height * 2];
    const canvas = htmlElement('canvas', { width, height });
    canvas.getContext('2d').drawImage(image, 0, 0, width, height);
    save(canvas.toDataURL('image/png'), name);
  };
  image.src = urlOf(svg);
}

function save(href, download) {
  htmlElement('a', { href, download }).click();
}

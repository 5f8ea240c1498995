import { drawNames, drawTimeAxis, drawValueAxis, roomBelow, valueAxis } from './axes.js';
import { drawBars } from './bars.js';
import { drawCurve, samplesInView } from './curves.js';
import { svgElement } from './svg.js';

/** Seen well on white and on black. */
const COLOURS = [
  '#3b82c4',
  '#e07b00',
  '#2f9e44',
  '#e03131',
  '#9b6bdf',
  '#a8705c',
  '#d6569b',
  '#0c9aad',
  '#929200',
  '#808080',
];
/** When the colours are used up, the next kind of line. */
const DASHES = ['none', '7 3', '2 3', '9 3 2 3'];

const [LEFT, RIGHT, TOP, HEIGHT] = [72, 16, 10, 240];

/** What the data say about how they are to be shown, whatever is in view. */
export function readFigure({ data, layout }) {
  const isBars = data.some(({ type }) => type === 'bar');
  const names = isBars ? [...new Set(data.flatMap(({ x }) => x))] : [];
  const longest = data.flatMap(({ x }) => (isBars ? [] : x.slice(-1))).reduce((a, b) => Math.max(a, b), 0);
  const series = data.map((trace, at) => ({
    trace,
    at,
    colour: COLOURS[at % COLOURS.length],
    dash: DASHES[Math.floor(at / COLOURS.length) % DASHES.length],
  }));
  const whole = isBars ? [-0.5, names.length - 0.5] : [0, longest || 1];
  return { title: layout.title.text, layout, isBars, names, series, whole };
}

/**
 * Draws the plots of a figure, one below the other.
 *
 * @returns the drawing, and the plots with their scales for who wants to know what is where
 */
export function drawPlots(figure, { view, hidden, width }) {
  const svg = svgElement('svg', { xmlns: 'http://www.w3.org/2000/svg', width, role: 'img' });
  svg.setAttribute('aria-label', figure.title);
  const suffixes = [...new Set(figure.series.map(suffixOf))];
  const plots = [];
  let top = TOP;
  for (const suffix of suffixes) {
    const isLast = suffix === suffixes.at(-1);
    const shown = figure.series.filter((one) => suffixOf(one) === suffix && !hidden.has(one));
    const plot = plotOf(figure, { suffix, isLast, shown, top, view, width });
    drawPlot(svg, figure, plot);
    plots.push(plot);
    top = plot.bottom + plot.room;
  }
  svg.setAttribute('height', top);
  svg.setAttribute('viewBox', `0 0 ${width} ${top}`);
  return { svg, plots };
}

const suffixOf = ({ trace }) => (trace.yaxis ?? 'y').slice(1);

function plotOf({ layout, isBars, names }, { suffix, isLast, shown, top, view, width }) {
  const [low, high] = view;
  const [left, right, bottom] = [LEFT, width - RIGHT, top + HEIGHT];
  const axis = valueAxis(shown.flatMap(({ trace }) => valuesInView(trace, isBars, view)));
  const slot = (right - left) / (high - low);
  return {
    ...{ isBars, names, isLast, shown, axis, view, left, right, top, bottom },
    room: roomBelow({ isBars, names, isLast }, slot),
    title: layout[`yaxis${suffix}`]?.title.text ?? '',
    below: layout[`xaxis${suffix}`]?.title.text ?? '',
    x: (value) => left + (value - low) * slot,
    y: (value) => bottom - (value / axis.end) * HEIGHT,
  };
}

function valuesInView(trace, isBars, [low, high]) {
  if (isBars) return trace.y.filter((_, at) => at > low - 0.5 && at < high + 0.5);
  return samplesInView(trace, [low, high]).map(([, value]) => value);
}

function drawPlot(svg, { isBars }, plot) {
  drawValueAxis(svg, plot);
  if (!isBars) drawTimeAxis(svg, plot);
  else if (plot.isLast) drawNames(svg, plot);
  // What is out of view is cut off; dots at the edges are not.
  const { left, right, top, bottom } = plot;
  const more = isBars ? 0 : 4;
  const id = `plot-${top}`;
  const inside = svgElement('clipPath', { id });
  inside.append(
    svgElement('rect', {
      ...{ x: left - more, width: right - left + 2 * more },
      ...{ y: top - more, height: bottom - top + 2 * more },
    }),
  );
  const content = svgElement('g', { 'clip-path': `url(#${id})` });
  for (const [place, one] of plot.shown.entries()) {
    const group = svgElement('g', { 'data-series': one.at });
    if (isBars) drawBars(group, one, place, plot);
    else drawCurve(group, one, plot);
    content.append(group);
  }
  svg.append(inside, content);
}

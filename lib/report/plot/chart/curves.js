import { durationText, numberText } from './numbers.js';
import { svgElement } from './svg.js';

/** Pixels from one sample to the next from which on each has a dot of its own. */
const DOTS_FROM = 8;
/** Curves of a plot up to which they have dots: more would hide each other. */
const DOTTED = 12;
/** Pixels from the pointer within which a sample is meant. */
const REACH = 40;

/** The samples in view and one on each side, so that the curve goes on to the edges. */
export function samplesInView({ x, y }, [low, high]) {
  const first = Math.max(0, firstFrom(x, low) - 1);
  const end = firstFrom(x, high) + 1;
  return x.slice(first, end).map((second, at) => [second, y[first + at]]);
}

export function drawCurve(group, { trace, colour, dash }, { x, y, view, left, right, shown }) {
  const points = samplesInView(trace, view).map(([second, value]) => [x(second), y(value)]);
  const line = { fill: 'none', stroke: colour, 'stroke-width': 1.5, 'stroke-dasharray': dash };
  const drawn = thinned(points).map((point) => point.join(','));
  group.append(svgElement('polyline', { ...line, points: drawn.join(' ') }));
  const isCrowded = shown.length > DOTTED || points.length * DOTS_FROM > right - left;
  if (points.length > 1 && isCrowded) return;
  for (const [cx, cy] of points) group.append(svgElement('circle', { cx, cy, r: 3, fill: colour }));
}

/** Of all samples that share a column of pixels, the first, the lowest, the highest and the last. */
function thinned(points) {
  const columns = new Map();
  for (const point of points) {
    const column = columns.get(Math.round(point[0]));
    if (column === undefined) columns.set(Math.round(point[0]), [point, point, point, point]);
    else {
      if (point[1] < column[1][1]) column[1] = point;
      if (point[1] > column[2][1]) column[2] = point;
      column[3] = point;
    }
  }
  return [...columns.values()].flatMap((column) => [...new Set(column)].sort((a, b) => a[0] - b[0]));
}

/** The sample next to a place in the drawing, of the series that are shown; null when none is near. */
export function sampleAt({ shown, x, y, view }, place) {
  let found = null;
  for (const { trace, colour } of shown) {
    for (const [second, value] of samplesAround(trace, view, x, place.x)) {
      const distance = Math.hypot(x(second) - place.x, y(value) - place.y);
      if (distance > REACH || (found !== null && found.distance <= distance)) continue;
      const text = `${trace.name}: ${numberText(value)} after ${durationText(second)}`;
      found = { distance, colour, text, x: x(second), y: y(value) };
    }
  }
  return found;
}

function samplesAround(trace, [low, high], x, place) {
  const at = low + ((place - x(low)) / (x(high) - x(low))) * (high - low);
  const next = firstFrom(trace.x, at);
  return [next - 1, next]
    .filter((index) => trace.x[index] >= low && trace.x[index] <= high)
    .map((index) => [trace.x[index], trace.y[index]]);
}

/** Index of the first number that is not below `least`, of numbers in order. */
function firstFrom(numbers, least) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

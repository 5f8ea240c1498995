import { numberText } from './numbers.js';
import { svgElement } from './svg.js';

/** Part of the room of a name that its bars take. */
const FILLED = 0.8;

export function drawBars(group, { trace, colour }, place, { x, y, shown }) {
  for (const [at, value] of trace.y.entries()) {
    const left = barLeft(at, place, shown.length);
    const size = { x: x(left), width: x(left + FILLED / shown.length) - x(left) };
    group.append(svgElement('rect', { ...size, y: y(value), height: y(0) - y(value), fill: colour }));
  }
}

/** The bar in the column of a place in the drawing, however low it is; null between the names. */
export function barAt({ shown, x, y, names }, place) {
  const value = (place.x - x(0)) / (x(1) - x(0));
  const at = Math.round(value);
  const series = Math.floor(((value - at + FILLED / 2) / FILLED) * shown.length);
  const meant = shown[series];
  if (meant === undefined || names[at] === undefined) return null;
  const { trace, colour } = meant;
  const middle = barLeft(at, series, shown.length) + FILLED / shown.length / 2;
  const text = `${names[at]}, ${trace.name}: ${numberText(trace.y[at])}`;
  return { colour, text, x: x(middle), y: y(trace.y[at]) };
}

function barLeft(at, place, count) {
  return at - FILLED / 2 + (place * FILLED) / count;
}

import { multiples, numberText, roundStep, timeUnit } from './numbers.js';
import { shortened, svgElement } from './svg.js';

const FONT = 12;
/** Pixels that a character takes, on average. */
const CHARACTER = 7.3;
const LONGEST_NAME = 22;
const SLOPE = 60;

/** The rounded end and the step of an axis for values up to `most`; whole numbers are not divided. */
export function valueAxis(values) {
  const most = values.reduce((a, b) => Math.max(a, b), 0) || 1;
  const step = roundStep(most, 5, [1, 2, 2.5, 5]);
  const whole = values.every(Number.isInteger) ? Math.max(1, Math.ceil(step)) : step;
  return { step: whole, end: Math.ceil(most / whole - 1e-9) * whole };
}

/** Pixels below a row of plots that its names or numbers, and its title, take. */
export function roomBelow({ isBars, names, isLast }, slot) {
  if (!isBars) return isLast ? 44 : 36;
  if (!isLast) return 26;
  if (fits(names, slot)) return 44;
  const longest = names.reduce((length, name) => Math.max(length, name.length), 0);
  return 42 + Math.min(longest, LONGEST_NAME) * CHARACTER * Math.sin((SLOPE * Math.PI) / 180);
}

export function drawValueAxis(svg, { left, right, top, bottom, y, axis, title }) {
  for (const value of multiples(axis.step, 0, axis.end)) {
    const line = { x1: left, x2: right, y1: y(value), y2: y(value), stroke: 'currentColor' };
    svg.append(svgElement('line', { ...line, 'stroke-opacity': value === 0 ? 0.5 : 0.15 }));
    const place = { x: left - 6, y: y(value) + 4, 'text-anchor': 'end' };
    svg.append(text(place, numberText(value)));
  }
  const middle = (top + bottom) / 2;
  const turned = { x: 13, y: middle, 'text-anchor': 'middle', transform: `rotate(-90 13 ${middle})` };
  svg.append(text(turned, title));
}

/** Figures give seconds; the page shows the unit that suits what is in view, and says so in the title. */
export function drawTimeAxis(svg, { left, right, bottom, x, view, below }) {
  const [low, high] = view;
  const unit = timeUnit(high - low);
  const step = roundStep((high - low) / unit.seconds, Math.max(2, Math.floor((right - left) / 60)));
  for (const value of multiples(step, low / unit.seconds, high / unit.seconds)) {
    const place = x(value * unit.seconds);
    const line = { x1: place, x2: place, y1: bottom, y2: bottom + 4, stroke: 'currentColor' };
    svg.append(svgElement('line', { ...line, 'stroke-opacity': 0.5 }));
    svg.append(text({ x: place, y: bottom + 17, 'text-anchor': 'middle' }, numberText(value)));
  }
  drawTitle(svg, { left, right }, bottom + 36, below.replace(/^Seconds/, unit.name));
}

/** Names stand upright when all have room, else they slope, and only so many are there as can be read. */
export function drawNames(svg, { left, right, bottom, room, x, view, names, below }) {
  const slot = x(1) - x(0);
  const level = fits(names, slot);
  const every = level ? 1 : Math.ceil(14 / slot);
  for (const [at, name] of names.entries()) {
    if (at % every !== 0 || at < view[0] || at > view[1]) continue;
    const place = level
      ? { x: x(at), y: bottom + 17, 'text-anchor': 'middle' }
      : { ...sloping(x(at) + 4, bottom + 12), 'text-anchor': 'end' };
    const label = text(place, shortened(name, level ? name.length : LONGEST_NAME));
    label.append(svgElement('title', {}, name));
    svg.append(label);
  }
  drawTitle(svg, { left, right }, bottom + room - 8, below);
}

function fits(names, slot) {
  return names.every((name) => name.length * CHARACTER < slot - 8);
}

function sloping(x, y) {
  return { x, y, transform: `rotate(-${SLOPE} ${x} ${y})` };
}

function drawTitle(svg, { left, right }, y, title) {
  svg.append(text({ x: (left + right) / 2, y, 'text-anchor': 'middle' }, title));
}

function text(attributes, content) {
  return svgElement('text', { 'font-size': FONT, fill: 'currentColor', ...attributes }, content);
}

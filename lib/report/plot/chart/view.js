import { placeOf } from './hover.js';
import { htmlElement, svgElement } from './svg.js';

/** Pixels that a pointer moves before it is a drag and no click. */
const DRAG = 6;
/** Seconds, or jobs, that are in view at least. */
const SHORTEST = 1;

/** The stretch of an axis that is meant, in the whole of it: some seconds at least, and no half of a job's bars. */
export function within([low, high], [least, most], isBars) {
  const length = Math.min(Math.max(high - low, SHORTEST), most - least);
  const from = Math.min(Math.max((low + high - length) / 2, least), most - length);
  const stretch = [from, from + length];
  return isBars ? stretch.map(edge) : stretch;
}

/** Between the bars of two jobs, which stand at whole numbers. */
const edge = (value) => Math.round(value - 0.5) + 0.5;

const half = ([low, high]) => Math.ceil((high - low) / 2);

/** What the buttons do to the stretch in view. */
const MOVES = [
  ['Zoom in', ([low, high]) => [low + (high - low) / 4, high - (high - low) / 4]],
  ['Zoom out', ([low, high]) => [low - half([low, high]), high + half([low, high])]],
  ['◀', ([low, high]) => [low - half([low, high]), high - half([low, high])], 'Move left'],
  ['▶', ([low, high]) => [low + half([low, high]), high + half([low, high])], 'Move right'],
  ['Show all', (_, whole) => whole],
];

export function viewButtons(figure, getView, setView) {
  return MOVES.map(([textContent, move, title = textContent]) => {
    const made = htmlElement('button', { type: 'button', textContent, title });
    made.setAttribute('aria-label', title);
    made.addEventListener('click', () =>
      setView(within(move(getView(), figure.whole), figure.whole, figure.isBars)),
    );
    return made;
  });
}

/** Dragging across a plot shows that stretch of it; a double click shows all. */
export function addDrag(svg, [plot], figure, setView) {
  let from = null;
  const band = svgElement('rect', { y: 0, height: svg.getAttribute('height'), fill: 'currentColor' });
  band.setAttribute('fill-opacity', 0.12);
  const valueAt = (x) => {
    const share = (x - plot.left) / (plot.right - plot.left);
    return plot.view[0] + share * (plot.view[1] - plot.view[0]);
  };
  const inPlot = (event) => Math.min(Math.max(placeOf(event, svg).x, plot.left), plot.right);
  svg.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    from = inPlot(event);
    svg.setPointerCapture(event.pointerId);
  });
  svg.addEventListener('pointermove', (event) => {
    if (from === null) return;
    const to = inPlot(event);
    band.setAttribute('x', Math.min(from, to));
    band.setAttribute('width', Math.abs(to - from));
    if (Math.abs(to - from) >= DRAG) svg.append(band);
  });
  const end = (event) => {
    const ends = from === null ? [] : [from, inPlot(event)].sort((a, b) => a - b);
    from = null;
    band.remove();
    if (event.type === 'pointerup' && ends[1] - ends[0] >= DRAG)
      setView(within(ends.map(valueAt), figure.whole, figure.isBars));
  };
  svg.addEventListener('pointerup', end);
  svg.addEventListener('pointercancel', end);
  svg.addEventListener('dblclick', () => setView(figure.whole));
}

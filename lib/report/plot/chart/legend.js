import { htmlElement, svgElement } from './svg.js';

/** Series from which the legend gets a frame of its own to be scrolled in. */
const SCROLLED = 40;

/** A box to tick for each series, and two buttons for all of them; who points at one sees the others fade. */
export function makeLegend({ series }, hidden, root, redraw) {
  const entries = series.map((one) => entryOf(one, hidden, root, redraw));
  const className = series.length > SCROLLED ? 'legend scrolled' : 'legend';
  const list = htmlElement('div', { className }, ...entries.map(({ label }) => label));
  if (series.length < 3) return [list];
  const all = (textContent, isShown) => {
    const made = htmlElement('button', { type: 'button', textContent });
    made.addEventListener('click', () => {
      for (const { box } of entries) box.checked = isShown;
      for (const one of series) hidden[isShown ? 'delete' : 'add'](one);
      redraw();
    });
    return made;
  };
  return [htmlElement('div', {}, all('All series', true), all('No series', false)), list];
}

function entryOf(one, hidden, root, redraw) {
  const box = htmlElement('input', { type: 'checkbox', checked: true });
  box.addEventListener('change', () => {
    hidden[box.checked ? 'delete' : 'add'](one);
    redraw();
  });
  const sample = svgElement('svg', { width: 26, height: 10, 'aria-hidden': true });
  sample.append(sampleLine(one));
  const label = htmlElement('label', {}, box, sample, htmlElement('span', { textContent: one.trace.name }));
  label.addEventListener('pointerenter', () => fade(root, one.at));
  label.addEventListener('pointerleave', () => fade(root, null));
  return { box, label };
}

/** What a series looks like, 26 pixels wide. */
export function sampleLine({ colour, dash, trace }) {
  const line = { x1: 0, x2: 26, y1: 5, y2: 5, stroke: colour, 'stroke-dasharray': dash };
  return svgElement('line', { ...line, 'stroke-width': trace.type === 'bar' ? 10 : 3 });
}

function fade(root, kept) {
  for (const group of root.querySelectorAll('[data-series]')) {
    const isFaded = kept !== null && group.getAttribute('data-series') !== String(kept);
    group.setAttribute('opacity', isFaded ? 0.1 : 1);
  }
}

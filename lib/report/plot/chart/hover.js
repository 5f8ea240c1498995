import { barAt } from './bars.js';
import { sampleAt } from './curves.js';
import { htmlElement, svgElement } from './svg.js';

/** Where a pointer is, in pixels of the drawing. */
export function placeOf(event, svg) {
  const { left, top } = svg.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

/** A box beside the pointer that names what is next to it. */
export function makeTip() {
  const box = htmlElement('div', { className: 'tip', hidden: true });
  document.body.append(box);
  return {
    hide() {
      box.hidden = true;
    },
    show(text, { clientX, clientY }) {
      box.textContent = text;
      box.hidden = false;
      const { width, height } = box.getBoundingClientRect();
      const beyond = clientY + 14 + height > innerHeight;
      box.style.left = `${Math.max(4, Math.min(clientX + 14, innerWidth - width - 4))}px`;
      box.style.top = `${beyond ? Math.max(4, clientY - height - 8) : clientY + 14}px`;
    },
  };
}

/** Has the box follow the pointer over a drawing, and a ring mark what it talks about. */
export function addHover(svg, plots, tip) {
  const ring = svgElement('circle', { r: 5, fill: 'none', 'stroke-width': 2, visibility: 'hidden' });
  svg.append(ring);
  const leave = () => {
    tip.hide();
    ring.setAttribute('visibility', 'hidden');
  };
  const look = (event) => {
    const place = placeOf(event, svg);
    const plot = plots.find(({ top, bottom }) => place.y >= top - 8 && place.y <= bottom + 8);
    const found = plot && (plot.isBars ? barAt(plot, place) : sampleAt(plot, place));
    if (!found) return leave();
    ring.setAttribute('cx', found.x);
    ring.setAttribute('cy', found.y);
    ring.setAttribute('stroke', found.colour);
    ring.setAttribute('visibility', 'visible');
    tip.show(found.text, event);
  };
  svg.addEventListener('pointermove', look);
  svg.addEventListener('pointerdown', look);
  svg.addEventListener('pointerleave', leave);
}

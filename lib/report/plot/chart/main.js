import { addHover, makeTip } from './hover.js';
import { makeLegend } from './legend.js';
import { drawPlots, readFigure } from './plots.js';
import { saveButtons } from './save.js';
import { htmlElement } from './svg.js';
import { addDrag, viewButtons } from './view.js';

/** Shows the figure that stands in the page: plots as wide as the window, with their buttons and their legend. */
export function showFigure() {
  const root = document.getElementById('chart');
  const figure = readFigure(JSON.parse(document.getElementById('figure').textContent));
  const state = { view: figure.whole, hidden: new Set() };
  const drawing = htmlElement('div', { className: 'plots' });
  const tip = makeTip();

  function setView(view) {
    state.view = view;
    draw();
  }

  function draw() {
    tip.hide();
    const width = Math.max(280, drawing.clientWidth);
    const { svg, plots } = drawPlots(figure, { ...state, width });
    addHover(svg, plots, tip);
    addDrag(svg, plots, figure, setView);
    drawing.replaceChildren(svg);
  }

  const buttons = [...viewButtons(figure, () => state.view, setView), ...saveButtons(figure, state)];
  root.append(htmlElement('div', {}, ...buttons), drawing);
  root.append(...makeLegend(figure, state.hidden, drawing, draw));
  draw();
  addEventListener('resize', draw);
}

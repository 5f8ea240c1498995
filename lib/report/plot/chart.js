// Draws the figure that stands in the page. Drag across a plot to look closer, double-click to see all of it again.
(() => {
  const { data, layout } = JSON.parse(document.getElementById('figure').textContent);
  const root = document.getElementById('chart');
  const COLOURS = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#17becf'];
  const [WIDTH, PLOT, LEFT, RIGHT, GAP] = [960, 240, 70, 15, 50];
  const hidden = new Set();
  let zoom = null;

  const suffixOf = (trace) => (trace.yaxis ?? 'y').slice(1);
  const rows = [...new Set(data.map(suffixOf))];
  const HEIGHT = rows.length * (PLOT + GAP);
  const isBars = data.some(({ type }) => type === 'bar');
  const names = [...new Set(data.flatMap(({ x }) => (isBars ? x : [])))];

  const tip = document.createElement('div');
  tip.className = 'tip';
  tip.hidden = true;
  document.body.append(tip);

  function element(name, attributes, text) {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  const number = (value) => String(Number(value.toPrecision(4)));

  /** Round numbers from `low` to `high`. */
  function ticks(low, high) {
    const rough = (high - low || 1) / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power;
    const found = [];
    for (let value = Math.ceil(low / step) * step; value <= high + step / 1e6; value += step)
      found.push(value);
    return found;
  }

  function xRange() {
    if (isBars) return [-0.5, names.length - 0.5];
    if (zoom !== null) return zoom;
    const all = data.flatMap(({ x }) => x);
    const high = all.reduce((a, b) => Math.max(a, b), 0);
    return [0, high === 0 ? 1 : high];
  }

  function hover(shape, text) {
    shape.addEventListener('mousemove', (event) => {
      tip.textContent = text;
      tip.hidden = false;
      tip.style.left = `${event.clientX + 12}px`;
      tip.style.top = `${event.clientY + 12}px`;
    });
    shape.addEventListener('mouseleave', () => {
      tip.hidden = true;
    });
    return shape;
  }

  function drawAxes(svg, { top, x, y, low, high, most, suffix }) {
    const bottom = top + PLOT;
    for (const value of ticks(0, most)) {
      svg.append(
        element('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value), stroke: '#ddd' }),
      );
      svg.append(
        element(
          'text',
          { x: LEFT - 6, y: y(value) + 4, 'text-anchor': 'end', 'font-size': 11 },
          number(value),
        ),
      );
    }
    const marks = isBars
      ? names.map((name, place) => [place, name])
      : ticks(low, high).map((v) => [v, number(v)]);
    for (const [value, text] of marks.slice(0, 40)) {
      svg.append(
        element('text', { x: x(value), y: bottom + 15, 'text-anchor': 'middle', 'font-size': 11 }, text),
      );
    }
    const title = layout[`yaxis${suffix}`]?.title.text ?? '';
    const place = { x: 14, y: top + PLOT / 2, 'text-anchor': 'middle', 'font-size': 12 };
    svg.append(element('text', { ...place, transform: `rotate(-90 14 ${top + PLOT / 2})` }, title));
    const below = layout[`xaxis${suffix}`]?.title.text ?? '';
    svg.append(
      element('text', { x: WIDTH / 2, y: bottom + 34, 'text-anchor': 'middle', 'font-size': 12 }, below),
    );
  }

  function drawCurve(svg, trace, colour, { x, y, low, high }) {
    const seen = trace.x
      .map((value, at) => [value, trace.y[at]])
      .filter(([value]) => value >= low && value <= high);
    const points = seen.map(([value, height]) => `${x(value)},${y(height)}`).join(' ');
    svg.append(element('polyline', { points, fill: 'none', stroke: colour, 'stroke-width': 1.5 }));
    for (const [value, height] of seen) {
      const dot = element('circle', { cx: x(value), cy: y(height), r: 3, fill: colour });
      svg.append(hover(dot, `${trace.name}: ${number(height)} at ${number(value)} s`));
    }
  }

  function drawBars(svg, trace, colour, { x, y, shown }) {
    const width = (0.8 * (x(1) - x(0))) / shown.length;
    for (const [at, height] of trace.y.entries()) {
      const left = x(names.indexOf(trace.x[at]) - 0.4) + shown.indexOf(trace) * width;
      const bar = { x: left, y: y(height), width, height: y(0) - y(height), fill: colour };
      svg.append(hover(element('rect', bar), `${trace.x[at]}, ${trace.name}: ${number(height)}`));
    }
  }

  function addZoom(svg, scale) {
    let from = null;
    const at = (event) => {
      const { left, width } = svg.getBoundingClientRect();
      const share = (((event.clientX - left) / width) * WIDTH - LEFT) / (WIDTH - LEFT - RIGHT);
      return scale.low + share * (scale.high - scale.low);
    };
    svg.addEventListener('mousedown', (event) => {
      from = at(event);
    });
    svg.addEventListener('mouseup', (event) => {
      const to = at(event);
      if (from === null || Math.abs(to - from) < (scale.high - scale.low) / 100) return;
      zoom = [Math.max(0, Math.min(from, to)), Math.max(from, to)];
      draw();
    });
    svg.addEventListener('dblclick', () => {
      zoom = null;
      draw();
    });
  }

  function drawPlots() {
    const svg = element('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, xmlns: 'http://www.w3.org/2000/svg' });
    const [low, high] = xRange();
    for (const [row, suffix] of rows.entries()) {
      const shown = data.filter((trace) => suffixOf(trace) === suffix && !hidden.has(trace));
      const most = shown.flatMap(({ y }) => y).reduce((a, b) => Math.max(a, b), 0) || 1;
      const top = row * (PLOT + GAP) + 5;
      const scale = { top, low, high, most, suffix, shown };
      scale.x = (value) => LEFT + ((value - low) / (high - low)) * (WIDTH - LEFT - RIGHT);
      scale.y = (value) => top + PLOT - (value / (most * 1.05)) * PLOT;
      drawAxes(svg, scale);
      for (const trace of shown) {
        const colour = COLOURS[data.indexOf(trace) % COLOURS.length];
        if (trace.type === 'bar') drawBars(svg, trace, colour, scale);
        else drawCurve(svg, trace, colour, scale);
      }
    }
    if (!isBars) addZoom(svg, { low, high });
    return svg;
  }

  function legend() {
    const made = document.createElement('div');
    made.className = 'legend';
    for (const [at, trace] of data.entries()) {
      const label = document.createElement('label');
      const box = document.createElement('input');
      box.type = 'checkbox';
      box.checked = !hidden.has(trace);
      box.addEventListener('change', () => {
        if (box.checked) hidden.delete(trace);
        else hidden.add(trace);
        draw();
      });
      label.style.color = COLOURS[at % COLOURS.length];
      label.append(box, trace.name);
      made.append(label);
    }
    return made;
  }

  function save(url, name) {
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
  }

  function svgUrl() {
    const text = new XMLSerializer().serializeToString(root.querySelector('svg'));
    return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  }

  function savePng() {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [WIDTH * 2, HEIGHT * 2];
      const context = canvas.getContext('2d');
      context.fillStyle = '#fff';
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      save(canvas.toDataURL('image/png'), 'plot.png');
    };
    image.src = svgUrl();
  }

  function button(text, onClick) {
    const made = document.createElement('button');
    made.textContent = text;
    made.addEventListener('click', onClick);
    return made;
  }

  function draw() {
    tip.hidden = true;
    const buttons = [button('Save as SVG', () => save(svgUrl(), 'plot.svg')), button('Save as PNG', savePng)];
    root.replaceChildren(...buttons, drawPlots(), legend());
  }

  draw();
})();

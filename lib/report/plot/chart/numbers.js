/** For a person: four digits are enough of a small number, and a large one needs no fraction. */
export function numberText(value) {
  const digits = Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 4 };
  return new Intl.NumberFormat('en', digits).format(value);
}

/** The round step (a factor times a power of ten) that divides a length into `parts` or fewer. */
export function roundStep(length, parts, factors = [1, 2, 5]) {
  const rough = length / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [...factors, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) * power;
}

/** Multiples of a step from `low` to `high`, without what sums of fractions leave behind. */
export function multiples(step, low, high) {
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.max(0, Math.floor(high / step + 1e-9) - first + 1);
  return Array.from({ length: count }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

const UNITS = [
  { name: 'Days', seconds: 86_400, from: 3 * 86_400 },
  { name: 'Hours', seconds: 3600, from: 3 * 3600 },
  { name: 'Minutes', seconds: 60, from: 5 * 60 },
  { name: 'Seconds', seconds: 1, from: 0 },
];

/** The unit in which an axis of so many seconds is easily read. */
export const timeUnit = (length) => UNITS.find(({ from }) => length >= from);

/** `1 d 2 h 3 min 4 s`, without the parts that are zero. */
export function durationText(seconds) {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.round(seconds) % 60, 's'],
  ].filter(([count]) => count > 0);
  return parts.map(([count, unit]) => `${count} ${unit}`).join(' ') || '0 s';
}

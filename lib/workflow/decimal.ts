/** An exact decimal: `units` / 10^`places`. Sums of it carry no rounding error, as those of 0.1 would. */
export interface Decimal {
  units: bigint;
  places: number;
}

const DECIMAL = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:[eE]([+-]?\d{1,3}))?$/;

/** More digits than a floating-point number has a use for. */
const LONGEST = 400;

/** @returns the number, or null for a text that is none */
export function parseDecimal(text: string): Decimal | null {
  const match = DECIMAL.exec(text);
  if (match === null || text.length > LONGEST) return null;
  const [, sign = '', whole = '', fraction = '', bare = '', exponent = '0'] = match;
  const digits = BigInt(`${whole}${fraction}${bare}`);
  const units = sign === '-' ? -digits : digits;
  const places = fraction.length + bare.length - Number(exponent);
  return places >= 0 ? { units, places } : { units: units * 10n ** BigInt(-places), places: 0 };
}

/** The units of the number when it is written with so many places, which are no fewer than it has. */
export function unitsAt({ units, places }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - places);
}

/** The floating-point number that is nearest to it. */
export function toNumber({ units, places }: Decimal): number {
  return Number(`${units}e-${places}`);
}

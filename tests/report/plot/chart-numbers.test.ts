import { t } from 'tap';
import { PACKAGE_ROOT } from '../../../lib/package-root.js';

/** What the pages' script knows of numbers. It is no part of what is compiled. */
interface Numbers {
  numberText(value: number): string;
  durationText(seconds: number): string;
  roundStep(length: number, parts: number, factors?: number[]): number;
  multiples(step: number, low: number, high: number): number[];
  timeUnit(seconds: number): { name: string };
}
const chart = (module: string) => `${PACKAGE_ROOT}lib/report/plot/chart/${module}.js`;
const numbers = (await import(chart('numbers'))) as Numbers;
const { within } = (await import(chart('view'))) as {
  within(view: number[], whole: number[], isBars: boolean): number[];
};

t.test('Numbers and times as a person reads them', async (t) => {
  t.equal(numbers.numberText(0.123456), '0.1235');
  t.equal(numbers.numberText(65_536.4), '65,536');
  t.equal(numbers.durationText(0), '0 s');
  t.equal(numbers.durationText(90_061), '1 d 1 h 1 min 1 s');
  t.equal(numbers.durationText(7200), '2 h');
  const units = [1, 299, 300, 10_800, 259_200].map((seconds) => numbers.timeUnit(seconds).name);
  t.same(units, ['Seconds', 'Seconds', 'Minutes', 'Hours', 'Days']);
});

t.test('Marks of an axis are round', async (t) => {
  t.equal(numbers.roundStep(100, 5), 20);
  t.equal(numbers.roundStep(101, 5), 50);
  t.equal(numbers.roundStep(101, 5, [1, 2, 2.5, 5]), 25);
  t.equal(numbers.roundStep(0.3, 3), 0.1);
  t.same(numbers.multiples(0.1, 0.05, 0.3), [0.1, 0.2, 0.3]);
  t.same(numbers.multiples(5, 11, 14), []);
});

t.test('What is in view lies in the whole, is not too short, and cuts no bars', async (t) => {
  t.same(within([-50, 50], [0, 600], false), [0, 100]);
  t.same(within([580, 680], [0, 600], false), [500, 600]);
  t.same(within([10, 10.1], [0, 600], false), [9.55, 10.55]);
  t.same(within([-600, 1200], [0, 600], false), [0, 600]);
  t.same(within([1.8, 3.1], [-0.5, 9.5], true), [1.5, 3.5]);
  t.same(within([2.1, 2.2], [-0.5, 9.5], true), [1.5, 2.5]);
});

import t from 'tap';
import { parseBeginTime } from '../../lib/pocket/commands/begin-time.js';
import { formatElapsed, formatShortElapsed, formatTime } from '../../lib/pocket/commands/times.js';

/** Local times, as everybody writes them. */
const at = (...parts: [number, number, number, number?, number?, number?]) =>
  new Date(parts[0], parts[1] - 1, parts[2], ...(parts.slice(3) as number[])).getTime() / 1000;
const NOW = at(2026, 11, 21, 9, 49, 38);

// What Slurm 22.05.8 makes of `--begin` at that moment.
const BEGIN: Readonly<Record<string, number | null>> = {
  now: NOW,
  'now+1': NOW + 1,
  'now+2minutes': NOW + 120,
  'now+1hour': NOW + 3600,
  'now-2days': NOW - 2 * 86_400,
  '16:00': at(2026, 11, 21, 16),
  '9:00': at(2026, 11, 22, 9),
  '4:30PM': at(2026, 11, 21, 16, 30),
  '12:00AM': at(2026, 11, 22),
  '16:30:15': at(2026, 11, 21, 16, 30, 15),
  today: at(2026, 11, 21),
  tomorrow: at(2026, 11, 22),
  midnight: at(2026, 11, 22),
  noon: at(2026, 11, 21, 12),
  Teatime: at(2026, 11, 21, 16),
  '2027-01-20': at(2027, 1, 20),
  '2027-01-20T12:34:00': at(2027, 1, 20, 12, 34),
  '2027-01-20T12:34': at(2027, 1, 20, 12, 34),
  '0120': at(2027, 1, 20),
  '1122': at(2026, 11, 22),
  '012030': at(2030, 1, 20),
  '01/20': at(2027, 1, 20),
  '01/20/30': at(2030, 1, 20),
  nonsense: null,
  'now+': null,
  'now+1fortnight': null,
  '': null,
};

t.test('begin times', async (t) => {
  for (const [text, expected] of Object.entries(BEGIN)) {
    t.equal(parseBeginTime(text, NOW), expected, text === '' ? 'nothing' : text);
  }
});

t.test('elapsed time: of squeue, and of sacct and scontrol', async (t) => {
  const cases: [number, string, string][] = [
    [0, '0:00', '00:00:00'],
    [5.9, '0:05', '00:00:05'],
    [62, '1:02', '00:01:02'],
    [3600, '1:00:00', '01:00:00'],
    [2 * 86_400 + 3723, '2-01:02:03', '2-01:02:03'],
    [-3, '0:00', '00:00:00'],
  ];
  for (const [seconds, short, long] of cases) {
    t.strictSame([formatShortElapsed(seconds), formatElapsed(seconds)], [short, long], String(seconds));
  }
});

t.test('moments', async (t) => {
  const shown = (SLURM_TIME_FORMAT?: string) =>
    formatTime(NOW, SLURM_TIME_FORMAT === undefined ? {} : { SLURM_TIME_FORMAT }, 'N/A');
  t.equal(shown(), '2026-11-21T09:49:38');
  t.equal(shown('standard'), '2026-11-21T09:49:38');
  t.equal(shown('%s'), String(NOW));
  t.equal(shown('%Y/%m %H%%'), '2026/11 09%');
  t.equal(formatTime(null, {}, 'N/A'), 'N/A');
});

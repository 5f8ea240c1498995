import t from 'tap';
import { parseLadder } from '../../lib/chain/ladder-file.js';
import { levelRange } from '../../lib/cli/mem-escalate/ladder-choice.js';
import { MEM_ESCALATE } from '../../lib/cli/mem-escalate/spec.js';
import { parseArguments } from '../../lib/cli/parse.js';

const JOINT = parseLadder('levels: [{mem: 1G}, {mem: 2G}, {mem: 2G, time: 60}]\n', 'x');
const AXES = parseLadder('ladder: axes\naxes: {mem: [1G, 2G, 4G], time: [1, 2, 3, 4]}\n', 'x');

/** The command line, and from which level to which a chain climbs: joint, and on axes. */
const RANGES: [argv: string[], joint: [number, number], axes: [number, number]][] = [
  [[], [0, 2], [0, 3]],
  [
    ['--max-level', '1'],
    [0, 1],
    [0, 1],
  ],
  [
    ['--max-level', '99'],
    [0, 2],
    [0, 3],
  ],
  [
    ['--start-mem', '2G'],
    [1, 2],
    [4, 3],
  ],
  [
    ['--start-mem', '2G', '--max-level', '1'],
    [1, 1],
    [4, 1],
  ],
  [
    ['--start-mem', '3G'],
    [0, 2],
    [0, 3],
  ],
];

const range = (ladder: typeof JOINT, argv: string[]) =>
  levelRange(parseArguments(MEM_ESCALATE, argv), ladder);

t.test('where a chain starts, and how high it may climb', async (t) => {
  for (const [argv, joint, axes] of RANGES) {
    const name = argv.join(' ');
    t.same(range(JOINT, argv), { startLevel: joint[0], maxLevel: joint[1] }, name);
    t.same(range(AXES, argv), { startLevel: axes[0], maxLevel: axes[1] }, `on axes: ${name}`);
  }
});

t.test('a start above the end', async (t) => {
  const message = '--start-mem starts at level 1, above --max-level 0';
  for (const ladder of [JOINT, AXES])
    t.throws(() => range(ladder, ['--start-mem', '2G', '--max-level', '0']), { code: 'bad-option', message });
});

import t from 'tap';
import { roundTasks } from '../../lib/chain/conclude-round.js';
import { checkpoint, round, roundJob } from './plain-chain.js';

t.test('the tasks of a round, with their earlier attempts at its level', async (t) => {
  const rounds = [
    round([roundJob({ level: 0, indices: '0-9' })], { number: 1 }),
    round([roundJob({ level: 0, indices: '0-3' }), roundJob({ level: 1, indices: '4-9', mapped: true })], {
      number: 2,
    }),
    round([roundJob({ level: 1, indices: '3,8' }), roundJob({ level: 0, indices: '0-1' })], { number: 3 }),
  ] as const;
  const chain = checkpoint({ rounds: [...rounds] });
  const tasks = [...roundTasks(chain, rounds[2])].sort((a, b) => a.index - b.index);
  t.same(
    tasks.map(({ index, level, attemptsAtLevel }) => [index, level, attemptsAtLevel]),
    [
      [0, 0, 2],
      [1, 0, 2],
      [3, 1, 0],
      [8, 1, 1],
    ],
  );
  const first = [...roundTasks(chain, rounds[0])];
  t.equal(first.length, 10);
  t.ok(
    first.every(({ attemptsAtLevel }) => attemptsAtLevel === 0),
    'later rounds do not count',
  );
});

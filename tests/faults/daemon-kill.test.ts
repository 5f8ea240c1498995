import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { CHAIN_STATES } from '../../lib/chain/checkpoint.js';
import { SeededRandom } from './random.js';
import { RealChain } from './real-chain.js';

t.setTimeout(180_000);

const TASKS = 30;

const MOST_KILLS = 15;

/** AFTEROK_FAULT_SEED has others tried. */
const SEED = 20_261_121;

/** Every fifth task needs the second level. */
const PLAN = `${Array.from({ length: TASKS }, (_, index) => `${index} ${index % 5 === 0 ? 'sleep:0.2+exit:137 ok' : 'sleep:0.3+ok'}`).join('\n')}\n`;

/** The process that holds the daemon's lock; null while there is none. */
function daemonOf(state: string): number | null {
  const lock = join(state, 'daemon.lock');
  const pid = existsSync(lock) ? Number.parseInt(readFileSync(lock, 'utf8'), 10) : Number.NaN;
  return Number.isInteger(pid) && commandOf(pid).includes(state) ? pid : null;
}

/** The daemon's launcher; its supervisors bear the same name, and are not what is to be killed. */
function launcherOf(daemon: number | null): number | null {
  if (daemon === null) return null;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const { parent, session } = placeOf(pid);
      // A launcher whose daemon died becomes the next daemon, and its supervisors that one's children.
      return parent === daemon && session !== pid && commandOf(pid).includes('launcher.pl');
    });
  return children[0] ?? null;
}

/** From proc(5): `pid (name) state parent group session …`. */
function placeOf(pid: number): { parent: number; session: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [, parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(parent), session: Number(session) };
  } catch {
    return { parent: 0, session: 0 };
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function kill(pid: number | null): boolean {
  if (pid === null) return false;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

t.test('daemon and launcher are killed again and again: nothing is lost, nothing runs twice', async (t) => {
  const seed = Number(process.env.AFTEROK_FAULT_SEED ?? SEED);
  t.comment(`AFTEROK_FAULT_SEED=${seed}`);
  const random = new SeededRandom(seed);
  const chain = RealChain.open(t, PLAN);
  const { code, stdout, stderr } = await chain.submit(`0-${TASKS - 1}`);
  t.equal(code, 0, code === 0 ? 'submitted' : stdout + stderr);
  let killed = 0;
  const deadline = Date.now() + 150_000;
  for (;;) {
    const { checkpoint } = chain;
    if (checkpoint !== null && CHAIN_STATES[checkpoint.state].ended) break;
    if (Date.now() > deadline) {
      t.fail(`the chain did not end\n${chain.describe()}`);
      return;
    }
    await pause(random.between(100, 900));
    const victims = killed < MOST_KILLS ? [daemonOf(chain.state)] : [];
    victims.unshift(launcherOf(victims[0] ?? null));
    for (const [place, pid] of victims.entries()) {
      if (random.chance(place === 0 ? 0.4 : 0.7) && kill(pid ?? null)) killed += 1;
    }
    // Of daemon and launcher the one starts the other again; when both are dead, the next command that changes something.
    if (daemonOf(chain.state) === null && random.chance(0.3)) await chain.wake();
  }
  t.ok(killed > 0, `${killed} kills`);
  const expected = Array.from({ length: TASKS }, (_, index) =>
    index % 5 === 0 ? [`${index} 0`, `${index} 1`] : [`${index} 0`],
  );
  t.same(chain.attempts(), expected.flat().sort(), 'every task ran once at every level that it needed');
  t.equal(
    chain.checkpoint?.state,
    'completed',
    chain.checkpoint?.state === 'completed' ? '' : chain.describe(),
  );
});

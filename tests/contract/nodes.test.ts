import t from 'tap';
import { waitFor } from '../wait-for.js';
import { Desk } from './desk.js';

/** These cases take nodes away: w1, w2 and p1, on which no other file of this folder runs anything. */

async function stateOf(desk: Desk, node: string): Promise<string> {
  return (await desk.query('sinfo', '-h', '-N', '-n', node, '-o', '%t')).trim();
}

async function untilState(desk: Desk, node: string, wanted: RegExp): Promise<void> {
  let state = '';
  const look = async () => {
    state = await stateOf(desk, node);
    return wanted.test(state) ? true : undefined;
  };
  await waitFor(`${node} ${wanted}`, 60, look, () => state);
}

const OK = { code: 0, stdout: '', stderr: '' };

t.test('a node that is lost under its jobs', async (t) => {
  const desk = await Desk.open(t);
  const { cluster } = desk;
  t.teardown(async () => await cluster.restoreNode('p1').catch(() => {}));
  const body = `echo run >> runs.$SLURM_JOB_ID; [ -n "$SLURM_RESTART_COUNT" ] || sleep 600`;
  const lost = await desk.quiet('-p', 'pi_jetz', '--no-requeue', '--wrap', body);
  const again = await desk.quiet('-p', 'pi_jetz', '--requeue', '--wrap', body);
  const dependant = async (kind: string) =>
    await desk.quiet('-d', `${kind}:${lost}`, '--kill-on-invalid-dep=yes', '--wrap', 'true');
  const [notOk, any, ok] = [
    await dependant('afternotok'),
    await dependant('afterany'),
    await dependant('afterok'),
  ];
  await desk.untilRunning([lost, again]);
  await cluster.loseNode('p1');
  await desk.untilEnded([lost, notOk, any, ok]);
  const rows = await desk.accounting('JobID,State,ExitCode,NodeList', [lost], '-X');
  t.strictSame(rows, [{ JobID: lost, State: 'NODE_FAIL', ExitCode: '0:0', NodeList: 'p1' }]);
  t.match(await desk.record(lost), { JobState: 'NODE_FAIL', Reason: 'NodeDown' });
  const states = await desk.queue('%T', [notOk, any, ok]);
  t.strictSame(
    [notOk, any, ok].map((id) => states.get(id)),
    ['COMPLETED', 'COMPLETED', 'CANCELLED'],
  );
  await desk.until([again], '%T', ([state]) => state === 'PENDING');
  t.match(await desk.record(again), { JobState: 'PENDING', Restarts: '1' }, 'what may be requeued is');
  t.match(await stateOf(desk, 'p1'), /^(down|drain)\*?$/, 'it takes no jobs');

  await cluster.restoreNode('p1');
  await untilState(desk, 'p1', /^(idle|mix|alloc)\*?$/);
  await desk.run('scontrol', 'update', `JobId=${again}`, 'StartTime=now');
  await desk.untilEnded([again]);
  t.equal(desk.read(`runs.${again}`), 'run\nrun\n');
  const former = await desk.accounting('JobID,State', [again], '-X', '-D');
  t.strictSame(
    former.map((row) => row.State),
    ['NODE_FAIL', 'COMPLETED'],
  );
});

t.test('scontrol update NodeName: DOWN, DRAIN, RESUME', async (t) => {
  const desk = await Desk.open(t);
  const update = async (node: string, ...settings: string[]) =>
    await desk.run('scontrol', 'update', `NodeName=${node}`, ...settings);
  t.teardown(async () => {
    for (const node of ['w1', 'w2']) await update(node, 'State=RESUME');
  });
  const denied = 'You must specify a reason when DOWNING or DRAINING a node. Request denied\n';
  t.strictSame(await update('w1', 'State=DRAIN'), { code: 1, stdout: '', stderr: denied });
  t.match(await update('zz', 'State=RESUME'), { code: 1, stderr: /Invalid node name specified/ });

  const running = await desk.quiet('-p', 'week', '--nodelist=w1', '--wrap', desk.gate('go'));
  await desk.untilRunning([running]);
  t.strictSame(await update('w1', 'State=DRAIN', 'Reason=look at it'), OK);
  t.match(await stateOf(desk, 'w1'), /^drng\*?$/, 'it drains as long as a job runs');
  t.equal((await desk.queue('%T', [running])).get(running), 'RUNNING', 'which goes on');
  t.match(await desk.query('sinfo', '-R', '-h', '-o', '%E|%N'), /^look at it\|w1$/m);
  t.match(
    await desk.query('scontrol', '-o', 'show', 'node', 'w1'),
    /State=\S*DRAIN\S* .* Reason=look at it /,
  );
  const waiting = await desk.quiet('-p', 'week', '--nodelist=w1', '--wrap', 'true');
  await desk.until([waiting], '%T %r', ([row]) => row !== undefined && /^PENDING ReqNodeNotAvail/.test(row));
  const elsewhere = await desk.quiet('-p', 'week', '--wrap', 'true');
  await desk.untilEnded([elsewhere]);
  t.equal((await desk.accounting('NodeList', [elsewhere], '-X'))[0]?.NodeList, 'w2', 'new jobs go elsewhere');
  desk.openGate('go');
  await desk.untilEnded([running]);
  await untilState(desk, 'w1', /^drain\*?$/);
  t.strictSame(await update('w1', 'State=RESUME'), OK);
  await desk.untilEnded([waiting]);

  const killed = await desk.quiet('-p', 'week', '--nodelist=w2', '--no-requeue', '--wrap', 'sleep 600');
  await desk.untilRunning([killed]);
  t.strictSame(await update('w2', 'State=DOWN', 'Reason=gone'), OK);
  await desk.untilEnded([killed]);
  t.equal((await desk.accounting('State', [killed], '-X'))[0]?.State, 'NODE_FAIL');
  // Where slurmd answers still and ReturnToService says so, the node comes back by itself.
  await update('w2', 'State=RESUME');
  await untilState(desk, 'w2', /^idle\*?$/);
});

import t from 'tap';
import { Desk } from './desk.js';

/** Partition, its name with the star of the default, nodes, memory of each in MB, longest time. */
const PARTITIONS = [
  ['devel', 'devel', 'd[1-10]', 10, '1024', '1:00'],
  ['day', 'day*', 'n[1-5]', 5, '2048', '1:00'],
  ['week', 'week', 'w[1-2]', 2, '8192', '2:00'],
  ['pi_jetz', 'pi_jetz', 'p1', 1, '16384', '8:00'],
] as const;

t.test('sinfo', async (t) => {
  const desk = await Desk.open(t);
  const lines = async (...args: string[]) => (await desk.query('sinfo', ...args)).split('\n');

  await t.test('partitions and their nodes', async (t) => {
    for (const [name, starred, nodes, count, memory, limit] of PARTITIONS) {
      const rows = await lines('-h', '-e', '-p', name, '-o', '%P|%R|%a|%l|%m|%D');
      t.ok(
        rows.every((row) => row.startsWith(`${starred}|${name}|up|${limit}|${memory}|`)),
        `${name}: name, limit and memory`,
      );
      const total = rows.reduce((sum, row) => sum + Number(row.split('|').at(-1)), 0);
      t.equal(total, count, `${name}: nodes`);
      const [summary] = await lines('-h', '-s', '-p', name, '-o', '%N|%F|%C');
      t.match(
        summary,
        new RegExp(`^${nodes.replace(/[[\]]/g, '\\$&')}\\|\\d+/\\d+/\\d+/${count}\\|\\d+/\\d+/\\d+/\\d+$`),
        `${name}: summary`,
      );
    }
    t.strictSame(
      await lines('-h', '-o', '%R'),
      PARTITIONS.map(([name]) => name),
      'in the order of the configuration',
    );
    t.strictSame(
      await lines('-h', '-o', '%P'),
      PARTITIONS.map(([, starred]) => starred),
    );
  });

  await t.test('node by node', async (t) => {
    const rows = await lines('-h', '-N', '-o', '%N|%P|%m|%c');
    t.equal(rows.length, 18);
    t.strictSame(
      rows.filter((row) => row.startsWith('d')).map((row) => row.split('|').slice(0, 3).join('|')),
      Array.from({ length: 10 }, (_, at) => `d${at + 1}|devel|1024`),
      'd10 comes after d9',
    );
    t.match(await lines('-h', '-N', '-n', 'n2', '-o', '%N %T'), [/^n2 (idle|mixed|allocated|completing)$/]);
  });

  await t.test('states', async (t) => {
    const job = await desk.quiet('-p', 'day', '--nodelist=n3', '--wrap', desk.gate('go'));
    await desk.untilRunning([job]);
    t.match(await lines('-h', '-N', '-n', 'n3', '-o', '%t %T'), [
      /^(mix mixed|alloc allocated|comp completing)$/,
    ]);
    const [row] = await lines('-h', '-p', 'day', '-t', 'mix,alloc', '-o', '%N');
    t.match(row, /^n/);
    desk.openGate('go');
  });

  await t.test('the default table', async (t) => {
    const { stdout } = await desk.run('sinfo', '-p', 'devel,day');
    const [header, ...rows] = stdout.trimEnd().split('\n');
    t.equal(header, 'PARTITION AVAIL  TIMELIMIT  NODES  STATE NODELIST');
    for (const row of rows)
      t.match(row, /^(devel {4}|day\* {5}) {4}up {7}1:00 {5}[ \d]\d +\w+ [dn](\d+|\[[\d,-]+\])$/);
    const summary = await desk.run('sinfo', '-s', '-p', 'devel');
    t.match(
      summary.stdout,
      /^PARTITION AVAIL {2}TIMELIMIT {3}NODES\(A\/I\/O\/T\) NODELIST\ndevel {8}up {7}1:00 +\d+\/\d+\/0\/10 d\[1-10\]\n$/,
    );
    const byNode = await desk.run('sinfo', '-N', '-n', 'd2');
    t.match(byNode.stdout, /^NODELIST {3}NODES PARTITION STATE \nd2 {13}1 {5}devel \w+ *\n$/);
  });

  await t.test('names that nobody knows', async (t) => {
    t.strictSame(await desk.run('sinfo', '-h', '-p', 'nowhere'), { code: 0, stdout: '', stderr: '' });
    t.strictSame(await desk.run('sinfo', '--nonsense'), {
      code: 1,
      stdout: '',
      stderr: `sinfo: unrecognized option '--nonsense'\nTry "sinfo --help" for more information\n`,
    });
  });

  await t.test('--json', async (t) => {
    const { nodes } = JSON.parse(await desk.query('sinfo', '--json')) as { nodes: Record<string, unknown>[] };
    t.equal(nodes.length, 18);
    t.match(
      nodes.find((node) => node.name === 'n1'),
      {
        name: 'n1',
        real_memory: 2048,
        partitions: ['day'],
        state: /^[a-z]+$/,
        cpus: Number,
        alloc_cpus: Number,
      },
    );
  });
});

import t from 'tap';
import { exportedEnvironment } from '../../lib/pocket/commands/export.js';

const ENV = { COMMA: 'a,b c', PLAIN: '1', SLURM_CONF: '/c', AFTEROK_POCKET_STATE: '/s', PATH: '/mine' };

function exported(spec: string | null): Record<string, string> {
  const text = exportedEnvironment(spec, ENV, '/programs').toString();
  const entries = text.split('\0').filter(Boolean);
  return Object.fromEntries(entries.map((entry) => entry.split(/=(.*)/s, 2) as [string, string]));
}

/** What tells the commands of the job where the cluster is goes along always. */
const ALWAYS = { SLURM_CONF: '/c', AFTEROK_POCKET_STATE: '/s' };

t.test('all of it, and what is added', async (t) => {
  t.strictSame(exported(null), ENV);
  t.strictSame(exported('ALL'), ENV);
  t.strictSame(exported('ALL,X=y'), { ...ENV, X: 'y', SLURM_EXPORT_ENV: 'ALL,X=y' });
});

t.test('these names alone', async (t) => {
  const path = { PATH: '/programs:/usr/local/bin:/usr/bin:/bin' };
  t.strictSame(exported('PLAIN,X=y z'), {
    ...path,
    ...ALWAYS,
    PLAIN: '1',
    X: 'y z',
    SLURM_EXPORT_ENV: 'PLAIN,X=y z',
  });
  t.strictSame(exported('COMMA,NOT_THERE'), {
    ...path,
    ...ALWAYS,
    COMMA: 'a,b c',
    SLURM_EXPORT_ENV: 'COMMA,NOT_THERE',
  });
  t.match(exported('X=1,2,PLAIN'), { X: '1', PLAIN: '1' }, 'a comma ends a value');
});

t.test('none', async (t) => {
  for (const spec of ['NONE', 'nil']) {
    const env = exported(spec);
    t.match(env, { ...ALWAYS, HOME: /^\//, USER: /./, SLURM_EXPORT_ENV: spec });
    t.notOk('PLAIN' in env);
  }
});

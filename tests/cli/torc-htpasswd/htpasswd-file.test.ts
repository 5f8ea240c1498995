import fc from 'fast-check';
import t from 'tap';
import { faultOfUsername, HtpasswdFile } from '../../../lib/server/htpasswd-file.js';

fc.configureGlobal({ seed: 20260129 });

/** Vectors of other implementations: crypt_blowfish (2a, 2y), OpenBSD (2b). */
const VECTORS = [
  ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
  ['U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
  ['U*U*U', '$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a'],
  ['\u00ff\u00ff\u00a3', null],
  ['', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy'],
] as const;

t.test('bcrypt as others write it', async (t) => {
  for (const [password, hash] of VECTORS) {
    if (hash === null) continue;
    for (const prefix of ['$2a$', '$2b$', '$2y$']) {
      const users = HtpasswdFile.parse(`u:${prefix}${hash.slice(4)}\n`);
      t.equal(await users.verify('u', password), true, `${prefix} ${password.length}`);
      t.equal(await users.verify('u', `${password}x`), false);
    }
  }
});

t.test('lines', async (t) => {
  const hash = VECTORS[0][1];
  const text = `# head\n\nann:${hash}\r\nbob:${hash}\n  # more\nnobody\neve:$apr1$x$y\n:${hash}\nann:${hash}`;
  const users = HtpasswdFile.parse(text);
  t.same(users.users, ['ann', 'bob']);
  t.same(
    users.problems.map(({ line }) => line),
    [6, 7, 8],
  );
  t.match(users.problems[1]?.message, /no bcrypt hash/);
  t.equal(users.hashOf('eve'), null);
  t.equal(await users.verify('eve', 'y'), false);
  t.equal(users.without('ann').text, `# head\n\nbob:${hash}\n  # more\nnobody\neve:$apr1$x$y\n:${hash}\n`);
  const other = VECTORS[1][1];
  t.equal(users.with('bob', other).hashOf('bob'), other);
  t.equal(users.with('eve', other).hashOf('eve'), other, 'a line that was no good does not hide the new one');
});

t.test('names', async (t) => {
  for (const name of ['ann', 'ann@example.org', 'Ann B', 'jürgen'])
    t.equal(faultOfUsername(name), null, name);
  for (const name of ['', 'a:b', '#a', ' a', 'a ', 'a\nb', 'a\u0000', 'x'.repeat(256)])
    t.not(faultOfUsername(name), null, JSON.stringify(name));
});

t.test('who is added is there, and nobody else changes', async () => {
  const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => faultOfUsername(text) === null);
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), fc.nat(5), (names, at) => {
      const hash = VECTORS[0][1];
      const all = names.reduce((users, user) => users.with(user, hash), HtpasswdFile.parse('# c\n'));
      const gone = names[at % names.length] ?? '';
      const rest = names.filter((user) => user !== gone);
      const left = all.without(gone);
      if (JSON.stringify(all.users) !== JSON.stringify(names)) throw new Error(all.text);
      if (JSON.stringify(left.users) !== JSON.stringify(rest)) throw new Error(left.text);
      if (left.problems.length > 0) throw new Error(left.text);
    }),
  );
});

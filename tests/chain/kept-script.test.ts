import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import t from 'tap';
import { scriptChanged, sha256, shellQuote } from '../../lib/chain/kept-script.js';

t.test('quotes any text as one word of bash', async (t) => {
  for (const text of ['', 'a b', "it's", `"'$(x)\`y\`\\`, 'two\nlines\n', '-n', '*', 'größe 文字']) {
    const echoed = execFileSync('/bin/bash', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8' });
    t.equal(echoed, text, JSON.stringify(text));
  }
});

t.test('an edit of the script is seen, and so is its loss', async (t) => {
  const folder = t.testdir({ 'job.sh': '#!/bin/sh\n' });
  const script = { path: `${folder}/job.sh`, sha256: sha256('#!/bin/sh\n') };
  t.equal(scriptChanged(script), false);
  writeFileSync(script.path, '#!/bin/sh\nexit 1\n');
  t.equal(scriptChanged(script), true);
  t.equal(scriptChanged({ ...script, path: `${folder}/gone` }), true);
});

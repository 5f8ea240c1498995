import t from 'tap';
import { CLEAN_SLURM } from '../../lib/cli/clean-slurm/spec.js';
import { allOptions, type CommandSpec } from '../../lib/cli/command.js';
import { renderHelp } from '../../lib/cli/help.js';
import { MEM_ESCALATE } from '../../lib/cli/mem-escalate/spec.js';
import { ADVISE, DOCTOR, SIMULATE } from '../../lib/cli/mem-escalate/subcommand-specs.js';

const HELP = renderHelp(MEM_ESCALATE);

const SPECS = [MEM_ESCALATE, DOCTOR, ADVISE, SIMULATE, CLEAN_SLURM];

const FIRST_LINES = `mem-escalate - submit a Slurm job array whose failed tasks come back with more memory or time

Usage:
  mem-escalate [options] <script> [script-args...]
  mem-escalate --status <chain> [--watch [sec]]
  mem-escalate --list | --cancel <chain> | --resume <chain> | --report <chain>
  mem-escalate compress [index...]  |  mem-escalate expand <spec>
  mem-escalate doctor | advise <script|chain> | simulate --history <file|chain> --config <ladder>

Submitting:
  -a, --array <spec>          submit as array job, e.g. 0-999 or 1,3,5-7:2
  -t, --throttle <n>          limit concurrent array tasks
  -c, --config <file>         ladder file (see Files)
`;

t.test('the first lines', async (t) => {
  t.equal(HELP.slice(0, FIRST_LINES.length), FIRST_LINES);
});

/** The options that the specification lists, with their letters and values. */
const SPECIFIED = [
  /^ {2}-a, --array <spec> /m,
  /^ {2}-t, --throttle <n> /m,
  /^ {2}-c, --config <file> /m,
  /^ {2}-e, --export <vars> /m,
  /^ {2}-l, --max-level <n> /m,
  /^ {2}-s, --status <chain> /m,
  /^ {2}-w, --watch \[sec\] /m,
  /^ {6}--list /m,
  /^ {6}--no-wait /m,
  /^ {6}--start-mem <mem> /m,
];

t.test('lists every option of the specification', async (t) => {
  for (const line of SPECIFIED) t.match(HELP, line);
});

t.test('lists every option that is parsed, once, in lines that a terminal holds', async (t) => {
  for (const spec of SPECS) {
    const help = renderHelp(spec);
    for (const { name } of allOptions(spec)) {
      t.equal(help.match(new RegExp(`^ {2}(?:-\\w, | {4})--${name}[ \\n]`, 'gm'))?.length, 1, `--${name}`);
    }
    for (const line of help.split('\n')) t.ok(line.length <= 120, line);
    t.match(help, /\S\n$/);
  }
});

t.test('names and letters are unique', async (t) => {
  for (const spec of SPECS) {
    const words = allOptions(spec).flatMap(({ name, alias }) => [name, alias ?? name.toUpperCase()]);
    t.equal(new Set(words).size, words.length, spec.name);
  }
});

const SMALL: CommandSpec = {
  name: 'probe',
  summary: 'shows the layout',
  usage: ['probe'],
  groups: [
    {
      title: 'Options',
      options: [
        { name: 'short', alias: 's', help: 'a switch' },
        { name: 'with-a-very-long-name', value: 'value', help: 'stands on a line of its own' },
        { name: 'kind', value: 'kind', choices: ['text', 'json'], help: 'one of these' },
      ],
    },
  ],
  notes: [{ title: 'Notes', lines: ['one', 'two'] }],
  examples: [{ text: 'how it is done', command: 'probe -s' }],
};

t.test('the layout', async (t) => {
  t.equal(
    renderHelp(SMALL),
    `probe - shows the layout

Usage:
  probe

Options:
  -s, --short                 a switch
      --with-a-very-long-name <value>
                              stands on a line of its own
      --kind <kind>           one of these (text, json)

Notes:
  one
  two

Examples:
  # how it is done
  probe -s
`,
  );
});

import { placesOf } from '../completions/places.js';
import { SHELLS } from '../completions/shells.js';
import { choice, required } from '../tree/option.js';
import { EVERYWHERE } from '../tree/run.js';
import { programCommand } from './command.js';

export const completions = programCommand({
  name: 'completions',
  summary: 'Print a script that makes a shell complete torc',
  positionals: { shell: required(choice('The shell', Object.keys(SHELLS))) },
  examples: [
    { text: 'In this bash, for now', command: 'source <(torc completions bash)' },
    {
      text: 'For every bash of yours',
      command: 'torc completions bash > ~/.local/share/bash-completion/completions/torc',
    },
    { text: 'For fish', command: 'torc completions fish > ~/.config/fish/completions/torc.fish' },
  ],
  async run({ shell }, program) {
    const write = await SHELLS[shell]?.();
    process.stdout.write(write?.(program.name, await placesOf(program, EVERYWHERE)) ?? '');
  },
});

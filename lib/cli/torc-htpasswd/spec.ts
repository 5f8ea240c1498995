import type { CommandSpec } from '../command.js';

/** The command line of torc-htpasswd. */
export const TORC_HTPASSWD: CommandSpec = {
  name: 'torc-htpasswd',
  interspersed: true,
  summary: 'users of torc-server and their passwords',
  usage: [
    'torc-htpasswd add --file <file> <user>',
    'torc-htpasswd list | create --file <file>',
    'torc-htpasswd verify | remove --file <file> <user>',
    'torc-htpasswd hash [<user>]',
  ],
  groups: [
    {
      title: 'Options',
      options: [
        {
          name: 'file',
          alias: 'f',
          value: 'file',
          help: 'the htpasswd file; may stand as the first word too',
        },
        {
          name: 'password',
          alias: 'p',
          value: 'password',
          help: 'the password. Others see it in the process list: leave it out to be asked, or pipe it in',
        },
        {
          name: 'cost',
          alias: 'c',
          value: 'n',
          help: 'work of the hash, 4 to 31, each twice the last (default: 12)',
        },
        { name: 'force', help: 'with create: empty a file that exists' },
        { name: 'debug', help: 'stack traces of errors' },
        { name: 'version', alias: 'V', help: 'the version' },
        { name: 'help', alias: 'h', help: 'this text' },
      ],
    },
  ],
  notes: [
    {
      title: 'Commands',
      lines: [
        'add      a user, or a new password for one',
        'list     the users, one a line',
        'verify   whether the password is right: exit code 0, or 1',
        'remove   a user',
        'create   a file without users',
        'hash     the line for a file, on stdout',
      ],
    },
  ],
  examples: [
    { text: 'a user; asks for the password', command: 'torc-htpasswd add --file /etc/torc/htpasswd alice' },
    { text: 'from a script', command: 'printf %s "$SECRET" | torc-htpasswd add --file users alice' },
    { text: 'is it right?', command: 'torc-htpasswd verify --file users alice' },
  ],
};

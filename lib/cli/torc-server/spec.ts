import type { CommandSpec, OptionGroup } from '../command.js';

const LISTENING: OptionGroup = {
  title: 'Listening',
  options: [
    {
      name: 'url',
      alias: 'u',
      value: 'host',
      help: 'host name or address; 0.0.0.0: all (default: localhost)',
    },
    { name: 'host', value: 'host', help: 'the same' },
    { name: 'port', alias: 'p', value: 'port', help: '0: any that is free (default: 8080)' },
    { name: 'https', help: 'speak HTTPS; needs --tls-key and --tls-cert' },
    { name: 'tls-key', value: 'file', help: 'the private key, PEM' },
    { name: 'tls-cert', value: 'file', help: 'the certificate and its chain, PEM' },
    { name: 'threads', alias: 't', value: 'n', help: 'accepted for older scripts: one thread does it all' },
  ],
};

const DATA: OptionGroup = {
  title: 'Data and users',
  options: [
    {
      name: 'database',
      alias: 'd',
      value: 'file',
      help: 'SQLite file (default: $DATABASE_URL, else torc.db)',
    },
    { name: 'auth-file', value: 'file', help: 'htpasswd file; torc-htpasswd writes it ($TORC_AUTH_FILE)' },
    { name: 'require-auth', help: 'everybody must say who he is' },
    {
      name: 'credential-cache-ttl-secs',
      value: 'seconds',
      help: 'how long a verified password is remembered; 0: not at all (default: 60)',
    },
    { name: 'enforce-access-control', help: 'workflows are for their owners and their groups alone' },
    { name: 'admin-user', value: 'user', many: true, help: 'who may do everything ($TORC_ADMIN_USERS)' },
    {
      name: 'completion-check-interval-secs',
      alias: 'c',
      value: 'seconds',
      help: 'accepted for older scripts: dependents are released at once',
    },
  ],
};

const LOGS: OptionGroup = {
  title: 'Logs',
  options: [
    {
      name: 'log-level',
      alias: 'l',
      value: 'level',
      help: 'off, error, warn, info, debug, trace ($RUST_LOG; default: info)',
    },
    {
      name: 'log-dir',
      value: 'folder',
      help: 'also log to torc-server.log there, 10 MiB × 5 ($TORC_LOG_DIR)',
    },
    { name: 'json-logs', help: 'that file has one JSON object a line' },
  ],
};

const PROCESS: OptionGroup = {
  title: 'Process',
  options: [
    { name: 'daemon', help: 'go on in the background' },
    { name: 'pid-file', value: 'file', help: 'of the daemon (default: /var/run/torc-server.pid)' },
    { name: 'user', help: 'with service: one of yours, not of the machine' },
    { name: 'dry-run', help: 'with service: print what would be written and run' },
    { name: 'debug', help: 'stack traces of errors' },
    { name: 'version', alias: 'V', help: 'the version' },
    { name: 'help', alias: 'h', help: 'this text' },
  ],
};

/** The command line of torc-server. */
export const TORC_SERVER: CommandSpec = {
  name: 'torc-server',
  interspersed: true,
  summary: 'keeps workflows and hands their jobs to runners',
  usage: [
    'torc-server [run] [options]',
    'torc-server service install | uninstall | start | stop | status [--user] [options]',
  ],
  groups: [LISTENING, DATA, LOGS, PROCESS],
  notes: [
    {
      title: 'What it does',
      lines: [
        'The first line on stdout is TORC_SERVER_PORT=<port>; logs go to stderr. SIGTERM and Ctrl-C end it: requests',
        'that run are answered, then the database is closed. `service install` takes the options of `run` for the',
        'service. Options go over TORC_SERVER__<KEY> variables, these over configuration files (torc config paths).',
      ],
    },
  ],
  examples: [
    { text: 'for yourself', command: 'torc-server run --database torc.db' },
    {
      text: 'for a group, in the background',
      command:
        'torc-server run --daemon --pid-file ~/torc.pid --log-dir ~/torc-logs --url 0.0.0.0 --auth-file users --require-auth',
    },
    {
      text: 'a service of yours',
      command: 'torc-server service install --user && torc-server service start --user',
    },
  ],
};

import { join } from 'node:path';
import type { ServiceDefinition } from './definition.js';
import type { ServiceManager } from './manager.js';

const UNIT = 'torc-server';

export function systemd(definition: ServiceDefinition, env: NodeJS.ProcessEnv): ServiceManager {
  const { scope, home } = definition;
  const configFolder = env.XDG_CONFIG_HOME || join(home, '.config');
  const folder = scope === 'user' ? join(configFolder, 'systemd/user') : '/etc/systemd/system';
  const systemctl = (...words: string[]) => ['systemctl', ...(scope === 'user' ? ['--user'] : []), ...words];
  return {
    file: join(folder, `${UNIT}.service`),
    text: unitFile(definition),
    installed: [systemctl('daemon-reload'), systemctl('enable', UNIT)],
    uninstalling: [systemctl('disable', '--now', UNIT)],
    uninstalled: [systemctl('daemon-reload')],
    verbs: {
      start: systemctl('start', UNIT),
      stop: systemctl('stop', UNIT),
      status: systemctl('status', '--no-pager', UNIT),
    },
  };
}

/** The unit file. Stopping sends SIGTERM, which the server takes for an order to close. */
function unitFile({ scope, argv, workingFolder }: ServiceDefinition): string {
  return `[Unit]
Description=Torc Workflow Orchestration Server
After=network.target

[Service]
Type=simple
WorkingDirectory=${path(workingFolder)}
ExecStart=${argv.map(word).join(' ')}
Restart=on-failure
RestartSec=5s
TimeoutStopSec=30s
NoNewPrivileges=true

[Install]
WantedBy=${scope === 'user' ? 'default.target' : 'multi-user.target'}
`;
}

/** systemd.unit(5): `%` begins a specifier. The rest of the line is the path, unquoted. */
function path(text: string): string {
  return text.replaceAll('%', '%%');
}

/** A word of a command line, systemd.service(5): quotes and C escapes; `%` and `$` stand for themselves doubled. */
function word(text: string): string {
  const plain = text.replaceAll('%', '%%').replaceAll('$', '$$$$');
  if (/^[\w@%+=:,./$-]+$/.test(plain)) return plain;
  const escaped = plain.replaceAll(/["\\\p{Cc}]/gu, escapeCharacter);
  return `"${escaped}"`;
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  return [...Buffer.from(character)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
}

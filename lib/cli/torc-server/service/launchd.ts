import { join } from 'node:path';
import type { ServiceDefinition } from './definition.js';
import type { ServiceManager } from './manager.js';

const LABEL = 'torc-server';

/** launchd of macOS; its programs have not been run by us, only what they are given is tested. */
export function launchd(definition: ServiceDefinition): ServiceManager {
  const { scope, home } = definition;
  const folder = scope === 'user' ? join(home, 'Library/LaunchAgents') : '/Library/LaunchDaemons';
  const file = join(folder, `${LABEL}.plist`);
  const domain = scope === 'user' ? `gui/${process.getuid?.() ?? 0}` : 'system';
  return {
    file,
    text: plist(definition),
    installed: [],
    uninstalling: [['launchctl', 'bootout', `${domain}/${LABEL}`]],
    uninstalled: [],
    verbs: {
      start: ['launchctl', 'bootstrap', domain, file],
      stop: ['launchctl', 'bootout', `${domain}/${LABEL}`],
      status: ['launchctl', 'print', `${domain}/${LABEL}`],
    },
  };
}

function plist({ argv, workingFolder, logFolder }: ServiceDefinition): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${argv.map((word) => `    <string>${escapeXml(word)}</string>`).join('\n')}
  </array>
  <key>WorkingDirectory</key>
  <string>${escapeXml(workingFolder)}</string>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>StandardErrorPath</key>
  <string>${escapeXml(join(logFolder, 'torc-server.stderr.log'))}</string>
</dict>
</plist>
`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

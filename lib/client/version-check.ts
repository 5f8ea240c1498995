/** What a client makes of its server's version. */
export type VersionVerdict = 'same' | 'patch' | 'minor' | 'major' | 'unknown';

/**
 * Compares versions as `0.10.0 (abc1234)` or `v0.10.0-dirty`: a client does not talk to a server of another major
 * version, is told when it is the newer one by a minor version, and told in passing of any other difference.
 *
 * @returns unknown for what is no version
 */
export function compareVersions(client: string, server: string): VersionVerdict {
  const [mine, other] = [numbersOf(client), numbersOf(server)];
  if (mine === null || other === null) return 'unknown';
  if (mine[0] !== other[0]) return 'major';
  if (mine[1] > other[1]) return 'minor';
  return mine[1] === other[1] && mine[2] === other[2] ? 'same' : 'patch';
}

function numbersOf(version: string): [number, number, number] | null {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version.trim());
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3])];
}

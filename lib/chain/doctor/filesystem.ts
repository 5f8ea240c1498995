import { readFileSync } from 'node:fs';

/** Where a path lives. */
export interface Mount {
  point: string;
  type: string;
  /** `server:/export`, `/dev/sda1`, `tmpfs`. */
  source: string;
}

/** Types that several machines see, as /proc/mounts calls them. */
const SHARED =
  /^(nfs\d?|lustre|gpfs|beegfs|ceph|fuse\.(ceph|glusterfs|sshfs|beegfs)\S*|cifs|smb3?|afs|pvfs2|orangefs|panfs|wekafs|9p|virtiofs|ocfs2|gfs2|glusterfs|daos|vastnfs)$/;

export function isShared({ type }: Mount): boolean {
  return SHARED.test(type);
}

/**
 * The mount that a path lies on: of those whose point leads the path the longest, of several on one point the last.
 *
 * @param path absolute, without links
 * @param table as /proc/mounts has it, with `\040` for a space
 * @returns null when the table has none
 */
export function mountOf(path: string, table: string): Mount | null {
  let best: Mount | null = null;
  for (const line of table.split('\n')) {
    const [source, point, type] = line.split(' ').map(unescaped);
    if (source === undefined || point === undefined || type === undefined) continue;
    const leads = point === '/' || path === point || path.startsWith(`${point}/`);
    if (leads && (best === null || point.length >= best.point.length)) best = { point, type, source };
  }
  return best;
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** The mounts that this process sees; the empty text where there is no /proc. */
export function mountTable(): string {
  try {
    return readFileSync('/proc/self/mounts', 'utf8');
  } catch {
    return '';
  }
}

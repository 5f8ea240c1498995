import { format } from 'date-fns/format';
import { CAP_TEXTS } from '../../chain/caps.js';
import type { ExcludedNode } from '../../chain/node-exclusion.js';
import type { ChainStatus } from '../../chain/status.js';
import type { Display } from '../live-screen.js';
import { cut, printable } from './list-view.js';

/** What the chain has used of what it may, core-hours in any case, and the nodes that it avoids. */
export function limitLines(
  { caps, excludedNodes, updated, ended }: ChainStatus,
  { columns }: Display,
  now = Date.now() / 1000,
): string[] {
  const uses = caps.flatMap(({ cap, used, allowed }) => {
    const { name, format } = CAP_TEXTS[cap];
    if (allowed !== null) return [`${format(used)} of ${format(allowed)} ${name}`];
    return cap === 'coreHours' && used > 0 ? [`${format(used)} ${name}`] : [];
  });
  return [
    ...(uses.length === 0 ? [] : [cut(`used: ${uses.join(', ')}`, columns)]),
    ...excludedNodes.map((excluded) => cut(exclusionLine(excluded, ended ? updated : now), columns)),
  ];
}

function exclusionLine({ node, until, reason }: ExcludedNode, now: number): string {
  const word = until > now ? 'excluded until' : 'was excluded until';
  return `node ${printable(node)} ${word} ${format(until * 1000, 'yyyy-MM-dd HH:mm:ss')}: ${reason}`;
}

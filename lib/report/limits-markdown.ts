import { format } from 'date-fns/format';
import { CAP_TEXTS } from '../chain/caps.js';
import type { ChainReport } from './chain-report.js';
import { markdownTable } from './markdown-table.js';

/** What was used of each cap that is set; nothing for a chain without caps. */
export function limitsSection({ caps }: Pick<ChainReport, 'caps'>): string[] {
  const rows = caps.flatMap(({ cap, used, allowed }) => {
    const { name, format } = CAP_TEXTS[cap];
    return allowed === null ? [] : [[name, format(used), format(allowed)]];
  });
  return rows.length === 0 ? [] : ['### Limits', markdownTable(['Limit', 'Used', 'Allowed'], rows)];
}

export function excludedSection({ excludedNodes }: Pick<ChainReport, 'excludedNodes'>): string[] {
  const rows = excludedNodes.map(({ node, since, until, reason }) => [
    node,
    clock(since),
    clock(until),
    reason,
  ]);
  return rows.length === 0
    ? []
    : ['### Excluded Nodes', markdownTable(['Node', 'Since', 'Until', 'Reason'], rows)];
}

function clock(seconds: number): string {
  return format(seconds * 1000, 'yyyy-MM-dd HH:mm:ss');
}

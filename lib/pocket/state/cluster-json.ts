import type { Cluster } from '../cluster.js';

const NO_LIMIT = 'Infinity';

/** JSON has no Infinity, and a partition may have no limit. */
export function clusterToJson(cluster: Cluster): string {
  return JSON.stringify(cluster, (_, value: unknown) =>
    value === Number.POSITIVE_INFINITY ? NO_LIMIT : value,
  );
}

export function clusterFromJson(text: string): Cluster {
  return JSON.parse(text, (_, value: unknown) =>
    value === NO_LIMIT ? Number.POSITIVE_INFINITY : value,
  ) as Cluster;
}

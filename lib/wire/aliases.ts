import { Type } from 'typebox';
import type { API } from './api.js';
import { type Endpoint, endpoint } from './endpoint.js';
import { ID } from './page.js';
import { ComputeNodesResources, WORKFLOWS } from './workflows.js';

/** The parts of a request, as they were read. */
interface Parts {
  params: Record<string, unknown>;
  query: Record<string, unknown>;
  body: unknown;
}

/** Another form of an operation, which older clients use. */
export interface Alias {
  group: keyof typeof API;
  /** The operation of that group which answers. */
  operation: string;
  endpoint: Endpoint;
  /** What that operation would have been asked. */
  translate: (parts: Parts) => Parts;
}

const CLAIM = WORKFLOWS.claimByResources;

const OLD_CLAIM = {
  path: '/workflows/{id}/claim_jobs_based_on_resources',
  summary: 'An older form of the claim with the limit in its path',
  params: ID,
  response: CLAIM.response,
  errors: CLAIM.errors,
};

const QUERY = { limit: Type.Optional(Type.Integer({ minimum: 0, default: 10 })), ...CLAIM.query.properties };

export const ALIASES: readonly Alias[] = [
  {
    group: 'workflows',
    operation: 'claimByResources',
    endpoint: endpoint({
      ...OLD_CLAIM,
      method: 'POST',
      query: QUERY,
      body: ComputeNodesResources,
      isModel: true,
    }),
    translate: ({ params, query: { limit, ...query }, body }) => ({
      params: { ...params, limit },
      ...{ query, body },
    }),
  },
  {
    group: 'workflows',
    operation: 'claimByResources',
    endpoint: endpoint({
      ...OLD_CLAIM,
      method: 'GET',
      query: { ...QUERY, ...ComputeNodesResources.properties },
    }),
    translate({ params, query: { limit, ...rest } }) {
      const isHow = ([name]: [string, unknown]) => name in CLAIM.query.properties;
      const given = Object.entries(rest).filter(([, value]) => value !== undefined);
      return {
        params: { ...params, limit },
        query: Object.fromEntries(given.filter(isHow)),
        body: Object.fromEntries(given.filter((entry) => !isHow(entry))),
      };
    },
  },
];

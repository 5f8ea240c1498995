import { latestComputeNode } from '../store/workflows/compute-nodes.js';
import { currentRun } from '../store/workflows/workflows.js';
import { API } from '../wire/api.js';
import type { Endpoint } from '../wire/endpoint.js';
import { parseMemorySize } from '../wire/memory-size.js';
import { readField } from './client-mistake.js';
import type { ServerContext } from './handlers.js';

type Fields = Readonly<Record<string, unknown>>;
type Translate = (body: Fields, context: ServerContext) => Fields;

/** Bodies as older clients send them, which say less than models do; what they leave out is what is true mostly. */
const OLDER_BODIES: ReadonlyMap<Endpoint, Translate> = new Map<Endpoint, Translate>([
  [API.computeNodes.create, computeNode],
  [API.results.create, result],
]);

/** The body as the operation's model has it, when it is of an older form; otherwise as it is. @throws ApiError 422 */
export function inNewerForm(endpoint: Endpoint, body: unknown, context: ServerContext): unknown {
  const translate = OLDER_BODIES.get(endpoint);
  if (translate === undefined || typeof body !== 'object' || body === null) return body;
  return translate(body as Fields, context);
}

/** Memory as text, and nothing of the process. */
function computeNode(body: Fields, { now }: ServerContext): Fields {
  const { memory, ...rest } = body;
  if (typeof memory !== 'string' || 'memory_gb' in body) return body;
  const memory_gb = readField('memory', memory, parseMemorySize) / 2 ** 30;
  const process = { pid: 0, start_time: new Date(now()).toISOString(), compute_node_type: 'local' };
  return { ...process, num_nodes: 1, ...rest, memory_gb };
}

/** An exit code, and nothing of the run; output of jobs is in files, and is not kept here. */
function result(body: Fields, { db, now }: ServerContext): Fields {
  const { exit_code: code, ...rest } = body;
  const id = body.workflow_id as number;
  if (code === undefined || 'return_code' in body || !Number.isSafeInteger(id)) return body;
  return {
    run_id: currentRun(db, id) ?? 0,
    compute_node_id: latestComputeNode(db, id) ?? undefined,
    ...{ exec_time_minutes: 0, completion_time: new Date(now()).toISOString() },
    status: code === 0 ? 'completed' : 'failed',
    ...rest,
    return_code: code,
  };
}

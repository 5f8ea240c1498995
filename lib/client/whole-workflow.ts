import type { WorkflowModel } from '../wire/workflows.js';
import type { Client } from './client.js';

/**
 * Creates a workflow and fills it. One that cannot be made whole is deleted again.
 *
 * @returns its id
 * @throws what `fill` throws, ApiResponseError, ServerUnreachableError
 */
export async function createWhole(
  client: Client,
  body: WorkflowModel,
  fill: (id: number) => Promise<void>,
): Promise<number> {
  const { id } = await client.workflows.create({ body });
  if (id === undefined) throw new Error('the server gave the new workflow no id');
  try {
    await fill(id);
    return id;
  } catch (error) {
    // Whatever keeps it from being deleted, the first error is the one to tell.
    await client.workflows.remove({ id }).catch(() => undefined);
    throw error;
  }
}

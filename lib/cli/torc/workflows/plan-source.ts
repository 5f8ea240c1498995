import { listAll } from '../../../client/all.js';
import { type PlanInput, planInputOfModel } from '../../../workflow/plan/plan-input.js';
import type { PlanSource } from '../../../workflow/plan/plan-json.js';
import { planInputOfRecords } from '../../../workflow/plan/plan-of-records.js';
import type { Session } from '../session.js';
import { specOrId } from '../spec-or-id.js';
import { readModel } from '../spec-upload.js';

/** The jobs of a specification, which needs no server, or of a workflow. @throws AfterokError */
export async function planInputOf(
  session: Session,
  word: string,
): Promise<{ input: PlanInput; source: PlanSource }> {
  const target = specOrId(word);
  if (target.kind === 'spec') {
    const input = planInputOfModel(readModel(target.file, { skipChecks: true }));
    return { input, source: { source: 'spec_file' } };
  }
  const { id } = target;
  const client = await session.client();
  const of = { workflow_id: id };
  const [workflow, jobs, actions, slurmSchedulers, files, userData] = await Promise.all([
    client.workflows.get({ id }),
    listAll(client.jobs.list, { ...of, include_relationships: true }),
    client.actions.list({ id }),
    listAll(client.slurmSchedulers.list, of),
    listAll(client.files.list, of),
    listAll(client.userData.list, of),
  ]);
  const input = planInputOfRecords({ workflow, jobs, actions, slurmSchedulers, files, userData });
  return { input, source: { source: 'database', workflow_id: id } };
}

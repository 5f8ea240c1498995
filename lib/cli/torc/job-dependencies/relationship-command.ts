import type { Client } from '../../../client/client.js';
import type { Page } from '../../../wire/page.js';
import { renderTable, type TableColumn } from '../../table.js';
import { command } from '../command.js';
import { PAGING_OPTIONS } from '../paging-options.js';
import { WORKFLOW_ID, workflowId } from '../workflow-id.js';

interface PageRequest {
  id: number;
  limit: number;
  offset: number;
}

/** A command that lists relationships; its JSON is the server's page. */
export function relationshipCommand<T>(spec: {
  name: string;
  summary: string;
  list: (client: Client, request: PageRequest) => Promise<Page<T>>;
  columns: readonly TableColumn<T>[];
}) {
  const { name, summary, list, columns } = spec;
  return command({
    ...{ name, summary, positionals: WORKFLOW_ID, options: PAGING_OPTIONS },
    examples: [{ text: 'Of workflow 1', command: `torc job-dependencies ${name} 1` }],
    async run({ workflowId: given, limit, offset }, session) {
      const client = await session.client();
      const id = await workflowId(session, given);
      const page = await list(client, { id, limit, offset });
      session.show(page, () =>
        page.items.length === 0
          ? `No such dependencies found for workflow ID: ${id}\n`
          : `${renderTable(columns, page.items)}Total: ${page.total_count}\n`,
      );
    },
  });
}

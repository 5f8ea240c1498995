import type { Client } from '../../client/client.js';
import { renderRecord, type TableColumn } from '../table.js';
import { integer, required } from '../tree/option.js';
import { command } from './command.js';

/** A kind of record as commands show it: one as lines, many as a table of the same fields. */
export interface RecordKind<M> {
  /** `file`, `resource requirements` */
  noun: string;
  /** The group of commands: `torc files …`. */
  group: string;
  columns: readonly TableColumn<M>[];
  /** Fields that are shown of one and would make the table too wide. */
  more?: readonly TableColumn<M>[];
}

/** `Successfully created file:` and its fields. */
export function renderOne<M>(title: string, { columns, more = [] }: RecordKind<M>, record: M): string {
  return renderRecord(
    title,
    Object.fromEntries([...columns, ...more].map(([name, of]) => [name, of(record)])),
  );
}

/** `get ID` */
export function getCommand<M>(kind: RecordKind<M>, get: (client: Client, id: number) => Promise<M>) {
  return command({
    name: 'get',
    summary: `Show one of the ${kind.group}`,
    positionals: { id: required(integer(`The ${kind.noun}`)) },
    examples: [{ text: `Number 3`, command: `torc ${kind.group} get 3` }],
    async run({ id }, session) {
      const record = await get(await session.client(), id);
      session.show(record, () => renderOne(`${capitalised(kind.noun)} ID ${id}:`, kind, record));
    },
  });
}

/** `delete ID` */
export function deleteCommand<M>(kind: RecordKind<M>, remove: (client: Client, id: number) => Promise<M>) {
  return command({
    name: 'delete',
    summary: `Delete one of the ${kind.group}`,
    positionals: { id: required(integer(`The ${kind.noun}`)) },
    examples: [{ text: `Number 3`, command: `torc ${kind.group} delete 3` }],
    async run({ id }, session) {
      const record = await remove(await session.client(), id);
      session.show(record, () => renderOne(`Successfully deleted ${kind.noun}:`, kind, record));
    },
  });
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

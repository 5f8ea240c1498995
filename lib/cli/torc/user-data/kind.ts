import type { UserDataModel } from '../../../wire/user-data.js';
import { usage } from '../../tree/option.js';
import type { RecordKind } from '../record-command.js';

export const USER_DATA_ENTRY: RecordKind<UserDataModel> = {
  noun: 'user data',
  group: 'user-data',
  columns: [
    ['ID', (entry) => entry.id],
    ['Name', (entry) => entry.name],
    ['Data', (entry) => JSON.stringify(entry.data ?? null)],
    ['Workflow ID', (entry) => entry.workflow_id],
  ],
  more: [['Ephemeral', (entry) => entry.is_ephemeral ?? false]],
};

/** @throws AfterokError */
export function parseData(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw usage(
      `--data is no JSON: ${(error as Error).message}`,
      'quote text twice: --data \'"text"\', objects once: --data \'{"key": 1}\'',
    );
  }
}

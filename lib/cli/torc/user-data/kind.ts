import type { UserDataModel } from '../../../wire/user-data.js';
import { usage } from '../../tree/option.js';
import type { RecordKind } from '../record-command.js';

export const USER_DATA_ENTRY: RecordKind<UserDataModel> = {
  noun: 'user data',
  group: 'user-data',
  columns: [
    ['ID', (entry) => entry.id],
    ['Name', (entry) => entry.name],
    ['Ephemeral', (entry) => entry.is_ephemeral ?? false],
    ['Data', (entry) => (entry.data === undefined ? undefined : JSON.stringify(entry.data))],
  ],
  more: [['Workflow ID', (entry) => entry.workflow_id]],
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

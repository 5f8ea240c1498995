import type { WorkflowModel } from '../../wire/workflows.js';
import { renderTable, type TableColumn } from '../table.js';

/** Columns of a terminal that the frame of one column takes. */
const FRAME = 3;

/** A description with less room than this is left out. */
const LEAST_DESCRIPTION = 12;

/** Workflows to choose from, a line each, in a table that is no wider than the terminal. @param width in columns */
export function renderChoice(workflows: readonly WorkflowModel[], width: number): string {
  const idWidth = Math.max(2, ...workflows.map(({ id }) => String(id).length));
  const nameWidth = Math.max(4, ...workflows.map(({ name }) => name.length));
  const beside = width - 1 - (idWidth + FRAME) - FRAME;
  const isNarrow = beside - FRAME - Math.min(nameWidth, beside / 2) < LEAST_DESCRIPTION;
  const name = Math.min(nameWidth, isNarrow ? beside : Math.floor(beside / 2));
  const columns: TableColumn<WorkflowModel>[] = [
    ['ID', (workflow) => workflow.id],
    ['Name', (workflow) => cropped(workflow.name, name)],
    ['Description', ({ description }) => cropped(description ?? '', beside - FRAME - name)],
  ];
  return renderTable(isNarrow ? columns.slice(0, 2) : columns, workflows);
}

/** The first line, as far as there is room for it; its beginning is never left out altogether. */
function cropped(text: string, width: number): string {
  const [line = '', ...more] = text.trim().split('\n');
  const room = Math.max(width, 2);
  if (line.length <= room && more.length === 0) return line;
  return `${line.slice(0, room - 1)}…`;
}

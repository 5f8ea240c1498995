import type { TorcNode } from '../command.js';
import { checkResourceUtilization } from './check-resource-utilization.js';
import { reportResults } from './results.js';
import { reportSummary } from './summary.js';

export const REPORT_COMMANDS: readonly TorcNode[] = [checkResourceUtilization, reportResults, reportSummary];

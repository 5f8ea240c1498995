import type { ResourceMonitorSpec } from '../../workflow/spec.js';

/** What is to be watched, and how. */
export interface MonitorSettings {
  keepsSamples: boolean;
  /** Seconds. */
  interval: number;
}

const INTERVAL = 5;

/**
 * @param json `resource_monitor_config` of a workflow
 * @returns null when nothing is to be watched, which is also what a workflow without a configuration says
 */
export function monitorSettings(json: string | undefined): MonitorSettings | null {
  const config = parsed(json);
  if (config === null || config.enabled === false) return null;
  const { granularity, sample_interval_seconds: interval = INTERVAL } = config;
  return { keepsSamples: granularity === 'time_series', interval: interval > 0 ? interval : INTERVAL };
}

function parsed(json: string | undefined): ResourceMonitorSpec | null {
  try {
    const value: unknown = JSON.parse(json ?? 'null');
    return typeof value === 'object' ? (value as ResourceMonitorSpec | null) : null;
  } catch {
    return null;
  }
}

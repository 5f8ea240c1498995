import { parseIsoDuration } from '../../wire/iso-duration.js';
import { parseMemorySize } from '../../wire/memory-size.js';
import { excessText, percentText, sizeText } from './amounts.js';
import type { Measured } from './measured.js';

type OomReason = 'memory_exceeded' | 'sigkill_137';

/** Why a job probably failed, as it stands in JSON. Neither likely: unknown. */
export interface FailedJob {
  job_id: number;
  job_name: string;
  return_code: number;
  exec_time_minutes: number;
  resource_requirements_id: number;
  configured_cpus: number;
  configured_memory: string;
  configured_runtime: string;
  peak_memory_bytes?: number;
  peak_memory_formatted?: string;
  memory_over_utilization?: string;
  likely_oom: boolean;
  oom_reason?: OomReason;
  likely_timeout: boolean;
  timeout_reason?: 'runtime_exceeded' | 'sigxcpu_152';
  /** Of the runtime that was asked for: `95.2%`. */
  runtime_utilization: string;
}

const KILLED = 137;
const OUT_OF_CPU_TIME = 152;

/** Of the runtime: a job that is killed earlier was not killed for its time, and one that comes so far may have been. */
const EARLY = 0.8;
const LATE = 0.9;

export function diagnose({ result, job, requirements }: Measured): FailedJob {
  const memory = parseMemorySize(requirements.memory);
  const runtime = parseIsoDuration(requirements.runtime);
  const { peak_memory_bytes: peak, return_code: code, exec_time_minutes: minutes } = result;
  const share = runtime > 0 ? (minutes * 60) / runtime : 1;
  const oom = oomReason(code, share, peak !== undefined && peak > memory);
  const timeout = share > LATE ? 'runtime_exceeded' : code === OUT_OF_CPU_TIME ? 'sigxcpu_152' : null;
  return {
    ...{ job_id: result.job_id, job_name: job.name, return_code: code, exec_time_minutes: minutes },
    resource_requirements_id: requirements.id ?? 0,
    ...{ configured_cpus: requirements.num_cpus, configured_memory: requirements.memory },
    configured_runtime: requirements.runtime,
    ...(peak === undefined || peak === 0
      ? {}
      : {
          ...{ peak_memory_bytes: peak, peak_memory_formatted: sizeText(peak) },
          memory_over_utilization: excessText(peak, memory),
        }),
    likely_oom: oom !== null,
    ...(oom === null ? {} : { oom_reason: oom }),
    likely_timeout: timeout !== null,
    ...(timeout === null ? {} : { timeout_reason: timeout }),
    runtime_utilization: percentText(Math.round(share * 1000) / 10),
  };
}

function oomReason(code: number, share: number, isExceeded: boolean): OomReason | null {
  if (isExceeded) return 'memory_exceeded';
  return code === KILLED && share < EARLY ? 'sigkill_137' : null;
}

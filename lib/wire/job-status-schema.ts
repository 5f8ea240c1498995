import { Type } from 'typebox';
import { JOB_STATUSES } from './job-status.js';

export const JobStatusSchema = Type.Enum([...JOB_STATUSES] as [...typeof JOB_STATUSES]);


import { Type } from 'typebox';

/** Which function a job calls with what: the user data that it reads. */
export const MappedCall = Type.Object({
  /** Path of the module, or the name of a package. */
  module: Type.String(),
  /** Where paths and packages are looked for; the working directory of the job if it is absent. */
  module_directory: Type.Optional(Type.String()),
  func: Type.String(),
  /** Absent for a function that gets what others returned. */
  params: Type.Optional(Type.Unknown()),
});

export interface MappedCall {
  module: string;
  module_directory?: string;
  func: string;
  params?: unknown;
}

/** Name of the user data with the call of a job. */
export function inputName(job: string): string {
  return `input_${job}`;
}

/** Name of the user data with what the function returned. */
export function outputName(job: string): string {
  return `output_${job}`;
}

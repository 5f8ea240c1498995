/** What can be done with an installed service. */
export type ServiceVerb = 'start' | 'stop' | 'status';

/** The program of the operating system that runs services, as data: nothing here does anything. */
export interface ServiceManager {
  /** Where the service's file belongs. */
  file: string;
  text: string;
  /** Commands that make the new file known, and the service start with the system. */
  installed: readonly (readonly string[])[];
  /** Commands before the file is removed; they may fail when the service is not there. */
  uninstalling: readonly (readonly string[])[];
  /** Commands after that. */
  uninstalled: readonly (readonly string[])[];
  verbs: Readonly<Record<ServiceVerb, readonly string[]>>;
}

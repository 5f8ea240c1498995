import { createRequire } from 'node:module';

/**
 * A CommonJS library that is loaded when it is first used, not before: what shows no table should not wait for the
 * library that draws them.
 *
 * @param name as in an import
 */
export function lazyLibrary<T>(name: string): () => T {
  let library: T | null = null;
  return () => {
    library ??= createRequire(import.meta.url)(name) as T;
    return library;
  };
}

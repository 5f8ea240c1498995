/** A path of the API as the router writes it: `/jobs/{id}` is `/jobs/:id`. */
export function routePath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

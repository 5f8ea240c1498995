/** The frame that Slurm 22.05 puts around its JSON. */
export function jsonAnswer(type: string, name: string, content: object): string {
  const Slurm = { version: { major: 22, micro: 8, minor: 5 }, release: '22.05.8' };
  return `${JSON.stringify({ meta: { plugin: { type, name }, Slurm }, errors: [], ...content }, null, 2)}\n`;
}

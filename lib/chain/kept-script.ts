import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The first line of defence against a script edited mid-chain: retries run the kept copy, and the edit is shown. */
export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Whether the person's script still is what was submitted; a script that is gone counts as changed. */
export function scriptChanged(script: { path: string; sha256: string }): boolean {
  try {
    return sha256(readFileSync(script.path)) !== script.sha256;
  } catch {
    return true;
  }
}

/** Stand around the number in the name of a mapped task's output file until its wrapper renames it; see mappedScript. */
const MAPPED_MARKS = ['@mapped', '@'] as const;

/**
 * The output pattern of a mapped job: `%a` would be the dense index, so that the names of two jobs of a round
 * would collide.
 */
export function mappedOutput(pattern: string): string {
  return pattern.replace(/(?<!%)((?:%%)*)(%\d*a)/g, `$1${MAPPED_MARKS.join('$2')}`);
}

/**
 * The script of a mapped array job: looks up the true index, gives it to the task as SLURM_ARRAY_TASK_ID, and names
 * the output file after it (a rename keeps the file that slurmstepd has open, so its own messages end up there too).
 * Then it becomes the person's script. Its `#SBATCH` lines are those of the person.
 *
 * @param directives the script's own `#SBATCH` lines, verbatim
 */
export function mappedScript(directives: readonly string[], indexMap: string, script: string): string {
  return `#!/bin/bash
${directives.join('\n')}
set -u
dense=$SLURM_ARRAY_TASK_ID
SLURM_ARRAY_TASK_ID=$(sed -n "$((dense + 1))p" ${shellQuote(indexMap)})
[ -n "$SLURM_ARRAY_TASK_ID" ] || { echo "afterok: no index for task $dense in the index map" >&2; exit 1; }
export SLURM_ARRAY_TASK_ID
for descriptor in 1 2; do
  path=$(readlink "/proc/$$/fd/$descriptor") || continue
  target=$path
  while [[ $target =~ ${MAPPED_MARKS.join('([0-9]+)')} ]]; do
    number=$(printf "%0\${#BASH_REMATCH[1]}d" "$SLURM_ARRAY_TASK_ID")
    target=\${target/"\${BASH_REMATCH[0]}"/$number}
  done
  [ "$target" = "$path" ] || mv -f -- "$path" "$target" || true
done
exec ${shellQuote(script)} "$@"
`;
}

/** One word of bash, whatever bytes the text holds. */
export function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../atomic-file.js';
import { sideEffect } from '../side-effect.js';
import type { Checkpoint, Round } from './checkpoint.js';
import { indices } from './index-set.js';
import { mappedScript } from './kept-script.js';
import type { ChainPaths } from './paths.js';

/** Writes what the mapped jobs of a round need: their index map and the script that looks indices up. */
export function writeMappedJobs(checkpoint: Checkpoint, round: Round, paths: ChainPaths): void {
  const { name } = checkpoint.request.script;
  const kept = paths.script(name);
  round.jobs.forEach((job, position) => {
    if (!job.mapped) return;
    const map = paths.indexMap(round.number, position + 1);
    const script = paths.mappedScript(round.number, position + 1, name);
    writeFileAtomic(map, `${indices(job.indices).join('\n')}\n`);
    sideEffect({ kind: 'make-folder', what: dirname(script) }, () =>
      mkdirSync(dirname(script), { recursive: true }),
    );
    writeFileAtomic(script, mappedScript(directivesOf(kept), map, kept), 0o755);
    sideEffect({ kind: 'write', what: kept }, () => chmodSync(kept, 0o755));
  });
}

/** The script's `#SBATCH` lines as they stand; sbatch itself stops reading them at the first command. */
function directivesOf(script: string): string[] {
  const directives: string[] = [];
  for (const line of readFileSync(script, 'utf8').split('\n')) {
    if (line.startsWith('#SBATCH')) directives.push(line);
    else if (!/^\s*(#|$)/.test(line)) break;
  }
  return directives;
}

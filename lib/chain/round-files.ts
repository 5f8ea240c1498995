import { chmodSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../atomic-file.js';
import { makeFolder } from '../make-folder.js';
import { sideEffect } from '../side-effect.js';
import type { Checkpoint, Round } from './checkpoint.js';
import { indices } from './index-set.js';
import { isWrapped } from './job-args.js';
import type { ChainPaths } from './paths.js';
import { wrapperScript } from './wrapper-script.js';

/** Writes what the wrapped jobs of a round need: wrapper, index map, folder for completion records. */
export function writeRoundFiles(checkpoint: Checkpoint, round: Round, paths: ChainPaths): void {
  const { name } = checkpoint.request.script;
  const kept = paths.script(name);
  const records = checkpoint.evidence.records ? paths.records(round.number) : null;
  if (records !== null) makeFolder(records);
  round.jobs.forEach((job, position) => {
    if (!isWrapped(checkpoint, job)) return;
    const indexMap = job.mapped ? paths.indexMap(round.number, position + 1) : null;
    const wrapper = paths.wrapper(round.number, position + 1, name);
    if (indexMap !== null) writeFileAtomic(indexMap, `${indices(job.indices).join('\n')}\n`);
    makeFolder(dirname(wrapper));
    writeFileAtomic(wrapper, wrapperScript(directivesOf(kept), { indexMap, records }, kept), 0o755);
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

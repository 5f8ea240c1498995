/**
 * What a handler does between the end of a round and its first sbatch, alone in a process so that its memory can be
 * told: `node planning-round.js read|conclude CHECKPOINT`. Prints seconds of clock and processor and the process's peak memory in MB.
 */
import { concludeRound } from '../../lib/chain/conclude-round.js';
import { observeRound } from '../../lib/chain/observe.js';
import { chainOfCheckpoint, OpenChain, readCheckpoint } from '../../lib/chain/open-chain.js';

const [, , step = '', checkpoint = ''] = process.argv;
const paths = chainOfCheckpoint(checkpoint);
const started = performance.now();
if (step === 'read') {
  await observeRound({ checkpoint: readCheckpoint(paths), paths }, process.env);
} else {
  await OpenChain.with(paths, async (chain) => await concludeRound(chain, process.env, null));
}
const seconds = (performance.now() - started) / 1000;
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const cpu = (userCPUTime + systemCPUTime) / 1e6;
console.log(JSON.stringify({ seconds, cpu, memory: maxRSS / 1024 }));

import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks every quarter of a second until there is an answer.
 *
 * @param look returns undefined as long as there is none
 * @param describe the last state, for the error when time is out
 */
export async function waitFor<T>(
  what: string,
  seconds: number,
  look: () => Promise<T | undefined> | T | undefined,
  describe: () => Promise<string> | string = () => '',
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}\n${await describe()}`);
    await sleep(250);
  }
}

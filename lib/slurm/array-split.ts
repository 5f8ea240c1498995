/**
 * Cutting a set of array indices into several `--array` texts. slurmctld refuses more than 4,096 characters
 * (measured; the message is "Pathname of a file, directory or other parameter too long").
 */
import { coverRuns } from './array-cover.js';
import { ArraySpecError, formatRun, formatSpec, indexSet, type Run, toIndices } from './array-spec.js';
import { textLength } from './run-text.js';

/** One array job's share: `spec` names exactly `indices`, which are sorted. */
export interface ArrayPiece {
  spec: string;
  count: number;
  indices: Uint32Array;
}

/** Few pieces, each index in one of them, no text above `maxLength`; ascending by first index, none for no indices. */
export function splitToLength(indices: Iterable<number>, maxLength: number): ArrayPiece[] {
  const set = indexSet(indices);
  const widest = String(set.at(-1) ?? 0);
  if (!(maxLength >= widest.length)) {
    throw new ArraySpecError(
      `array index ${widest} alone is longer than the ${maxLength} characters allowed`,
    );
  }
  return split(set, maxLength).sort((a, b) => (a.indices[0] ?? 0) - (b.indices[0] ?? 0));
}

/** Pieces times indices up to which each piece may take a new cover of all that is left: half a second. */
const COVER_WORK = 1e5;

function split(set: Uint32Array, maxLength: number): ArrayPiece[] {
  const pieces: ArrayPiece[] = [];
  let rest = set;
  while (rest.length > 0) {
    const runs = coverRuns(rest);
    const piecesLeft = textLength(runs) / maxLength;
    if (piecesLeft > 2 && piecesLeft * rest.length > COVER_WORK) {
      const shared = shareOut(runs, rest, maxLength);
      return [...pieces, ...shared.pieces, ...splitWindows(shared.rest, maxLength)];
    }
    const fitting = takeFitting(richestFirst(runs), maxLength);
    if (fitting.length === 0) return [...pieces, ...splitSingles(rest, maxLength)];
    const piece = pieceOf(fitting);
    pieces.push(piece);
    rest = without(rest, piece.indices);
  }
  return pieces;
}

/** Indices for a character from which a run is part of a pattern; ranges in random sets and short runs name fewer. */
const RICH = 2;

/**
 * The long runs of one cover, filled into pieces one after the other, and what they leave over. A run that meets an
 * earlier piece stays out: its other indices are left over.
 */
function shareOut(
  runs: readonly Run[],
  set: Uint32Array,
  maxLength: number,
): { pieces: ArrayPiece[]; rest: Uint32Array } {
  const base = set[0] ?? 0;
  const owners = new Uint32Array((set.at(-1) ?? 0) - base + 1);
  const shares: Run[][] = [[]];
  let length = -1;
  for (const run of richestFirst(runs.filter((candidate) => density(candidate) >= RICH))) {
    const more = formatRun(run).length + 1;
    if (more > maxLength) continue;
    if (length + more > maxLength) {
      shares.push([]);
      length = -1;
    }
    if (!claim(run, owners, base, shares.length)) continue;
    shares.at(-1)?.push(run);
    length += more;
  }
  const pieces = shares.filter((share) => share.length > 0).map(pieceOf);
  return { pieces, rest: set.filter((index) => owners[index - base] === 0) };
}

/** Enters the run's indices under a new owner, unless another one has any of them. */
function claim({ first, last, step }: Run, owners: Uint32Array, base: number, owner: number): boolean {
  for (let index = first; index <= last; index += step) {
    const before = owners[index - base];
    if (before !== 0 && before !== owner) return false;
  }
  for (let index = first; index <= last; index += step) owners[index - base] = owner;
  return true;
}

/** How much longer than a piece the text of a window should be: what does not fit is its poorest part, and waits. */
const SURPLUS = 1.04;

const NONE: Uint32Array = new Uint32Array();

/**
 * For large sets without pattern: windows of neighbouring indices, each just too long for a piece. Its richest runs
 * are a piece, the others' indices go to the next window. Takes time in proportion to the indices.
 */
function splitWindows(set: Uint32Array, maxLength: number): ArrayPiece[] {
  const pieces: ArrayPiece[] = [];
  let waiting = NONE;
  let size = Math.ceil(maxLength / 8);
  for (let place = 0; place < set.length || waiting.length > 0; ) {
    const fresh = set.subarray(place, place + Math.max(1, size - waiting.length));
    place += fresh.length;
    const window = new Uint32Array(waiting.length + fresh.length);
    window.set(waiting);
    window.set(fresh, waiting.length);
    const runs = coverRuns(window, 'quick');
    const fitting = takeFitting(richestFirst(runs), maxLength);
    const piece = pieceOf(fitting);
    if (piece.count > 0) pieces.push(piece);
    waiting = without(window, piece.indices);
    // A limit so tight that most runs are longer: what waits would wait for ever.
    if (waiting.length > window.length / 2) {
      pieces.push(...splitSingles(waiting, maxLength));
      waiting = NONE;
    }
    const wanted = (window.length * SURPLUS * maxLength) / textLength(runs);
    size = Math.ceil(Math.min(wanted, 2 * window.length));
  }
  return pieces;
}

/**
 * The runs that name most indices for their characters: what they leave over is the ragged part, which needs
 * about as many characters in later pieces as it did here. Cutting by ranges of indices instead would cut
 * the runs of a periodic set, which stay as many as before (measured: 13 pieces against 3).
 */
function richestFirst(runs: readonly Run[]): Run[] {
  return runs.toSorted((a, b) => density(b) - density(a));
}

function density(run: Run): number {
  return ((run.last - run.first) / run.step + 1) / (formatRun(run).length + 1);
}

function takeFitting(runs: readonly Run[], maxLength: number): Run[] {
  const taken: Run[] = [];
  let length = -1;
  for (const run of runs) {
    const more = formatRun(run).length + 1;
    if (length + more > maxLength) continue;
    taken.push(run);
    length += more;
  }
  return taken;
}

function pieceOf(runs: readonly Run[]): ArrayPiece {
  const ascending = { runs: runs.toSorted((a, b) => a.first - b.first), throttle: null };
  const indices = toIndices(ascending);
  return { spec: formatSpec(ascending), count: indices.length, indices };
}

/** For limits so tight that no run of the cover fits. */
function splitSingles(set: Uint32Array, maxLength: number): ArrayPiece[] {
  const pieces: ArrayPiece[] = [];
  let runs: Run[] = [];
  let length = -1;
  for (const index of set) {
    const more = String(index).length + 1;
    if (length + more > maxLength) {
      pieces.push(pieceOf(runs));
      runs = [];
      length = -1;
    }
    runs.push({ first: index, last: index, step: 1 });
    length += more;
  }
  return [...pieces, pieceOf(runs)];
}

/** What a sorted set has besides the members of its sorted subset. */
function without(set: Uint32Array, subset: Uint32Array): Uint32Array {
  let place = 0;
  return set.filter((index) => {
    while ((subset[place] ?? index) < index) place += 1;
    return subset[place] !== index;
  });
}

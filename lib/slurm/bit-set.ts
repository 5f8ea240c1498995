/** Bit `i` stands for index `base + i`. The last word is always empty, for shifted reads. */
export class BitSet {
  readonly words: Int32Array;
  size: number;

  constructor(
    readonly base: number,
    readonly span: number,
    readonly indices: Uint32Array,
  ) {
    this.words = new Int32Array((span >>> 5) + 2);
    for (const index of indices) this.add(index - base);
    this.size = indices.length;
  }

  private add(bit: number): void {
    this.words[bit >>> 5] = (this.words[bit >>> 5] ?? 0) | (1 << bit);
  }

  delete(bit: number): void {
    if (!this.has(bit)) return;
    this.size -= 1;
    this.words[bit >>> 5] = (this.words[bit >>> 5] ?? 0) & ~(1 << bit);
  }

  has(bit: number): boolean {
    return bit < this.span && (((this.words[bit >>> 5] ?? 0) >>> bit) & 1) === 1;
  }
}

/** `target[bit] = source[bit] and source[bit + shift]`; both may be the same array. */
export function andShifted(source: Int32Array, shift: number, target: Int32Array): void {
  for (let place = 0; place < source.length; place += 1) {
    const word = source[place] ?? 0;
    target[place] = word === 0 ? 0 : word & shiftedWord(source, place, shift);
  }
}

/** The 32 bits that lie `shift` bits after word `place`. */
export function shiftedWord(words: Int32Array, place: number, shift: number): number {
  const from = place + (shift >> 5);
  const right = shift & 31;
  if (from + 1 >= words.length || from < -1) return 0;
  const low = from < 0 ? 0 : (words[from] ?? 0);
  return (low >>> right) | (((words[from + 1] ?? 0) << (31 - right)) << 1);
}

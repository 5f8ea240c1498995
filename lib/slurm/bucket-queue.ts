/** Linked lists of candidates by bucket; the one pushed last is popped first. */
export class BucketQueue {
  private readonly heads: number[] = [];
  private readonly next: Int32Array;

  constructor(size: number) {
    this.next = new Int32Array(size);
  }

  top(): number {
    return this.heads.length - 1;
  }

  push(id: number, bucket: number): void {
    if (bucket < 0) return;
    while (this.heads.length <= bucket) this.heads.push(-1);
    this.next[id] = this.heads[bucket] ?? -1;
    this.heads[bucket] = id;
  }

  /** -1 when the bucket is empty. */
  pop(bucket: number): number {
    const id = this.heads[bucket] ?? -1;
    if (id >= 0) this.heads[bucket] = this.next[id] ?? -1;
    return id;
  }
}

/** The bytes of a body in one piece that grows: a server may send a megabyte as a million chunks, and each would be an object. */
export class Body {
  readonly maxBytes: number;
  #held: Uint8Array = new Uint8Array();
  #sizeBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** False where not all of it had room. */
  add(chunk: Uint8Array): boolean {
    const room = this.maxBytes - this.#sizeBytes;
    const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
    // Most answers come in one piece, which is then not copied.
    if (this.#sizeBytes === 0) this.#held = part;
    else {
      this.#makeRoomFor(this.#sizeBytes + part.length);
      this.#held.set(part, this.#sizeBytes);
    }
    this.#sizeBytes += part.length;
    return part.length === chunk.length;
  }

  bytes(): Uint8Array {
    return this.#held.subarray(0, this.#sizeBytes);
  }

  #makeRoomFor(sizeBytes: number): void {
    if (sizeBytes <= this.#held.length) return;
    const larger = new Uint8Array(Math.min(this.maxBytes, Math.max(sizeBytes, 2 * this.#held.length)));
    larger.set(this.bytes());
    this.#held = larger;
  }
}

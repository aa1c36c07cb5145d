// The last lines of what a program says, however much that is.
import { StringDecoder } from 'node:string_decoder';
import type { OutputStream } from '../../context.ts';

const MAX_LINES = 2000;
const MAX_BYTES = 1 << 20;
/** A line that never ends is cut into lines of this length. */
const MAX_LINE = 16 << 10;

export class LogTail {
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  readonly #open = { stdout: '', stderr: '' };
  readonly #last: { stdout: string | null; stderr: string | null } = { stdout: null, stderr: null };
  #lines: string[] = [];
  #heldBytes = 0;
  #isCut = false;
  sizeBytes = 0;

  add(stream: OutputStream, bytes: Uint8Array): void {
    this.sizeBytes += bytes.length;
    this.#take(stream, this.#decoders[stream].write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  }

  /** What had no line feed is a line as well. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      this.#take(stream, this.#decoders[stream].end());
      if (this.#open[stream] !== '') this.#push(stream, this.#open[stream]);
      this.#open[stream] = '';
    }
    this.#drop();
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  lastOf(stream: OutputStream): string | null {
    return this.#last[stream];
  }

  #take(stream: OutputStream, text: string): void {
    const lines = `${this.#open[stream]}${text}`.split('\n');
    this.#open[stream] = lines.pop()!;
    for (const line of lines) this.#push(stream, line);
    while (this.#open[stream].length > MAX_LINE) {
      this.#push(stream, this.#open[stream].slice(0, MAX_LINE));
      this.#open[stream] = this.#open[stream].slice(MAX_LINE);
    }
  }

  #push(stream: OutputStream, line: string): void {
    const clean = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (clean.trim() !== '') this.#last[stream] = clean;
    this.#lines.push(clean);
    this.#heldBytes += Buffer.byteLength(clean) + 1;
    // Now and then, so that dropping the first line is not paid for with each new one.
    if (this.#lines.length >= 2 * MAX_LINES || this.#heldBytes > 2 * MAX_BYTES) this.#drop();
  }

  #drop(): void {
    let kept = 0;
    let from = this.#lines.length;
    while (from > 0 && this.#lines.length - from < MAX_LINES) {
      const size = Buffer.byteLength(this.#lines[from - 1]!) + 1;
      if (kept + size > MAX_BYTES) break;
      kept += size;
      from -= 1;
    }
    this.#isCut ||= from > 0;
    this.#lines = this.#lines.slice(from);
    this.#heldBytes = kept;
  }
}

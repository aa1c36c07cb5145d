// Redaction of what comes bit by bit, such as the output of a program. Nothing is let through that might yet turn out to be a secret:
// lines are let through when they are complete, and what may be the beginning of a value of several lines waits for its end.
import { replaceHits, type Hit } from './hit.ts';
import type { SecretSearch } from './secret-search.ts';

/** A line that is longer is let through in parts, */
const MAX_LINE_BYTES = 128 * 1024;
/** of which the end waits, since a credential may begin there; none is so long. */
const WAITING_BYTES = 16 * 1024;

const KEY_LABEL = 'pattern:private-key';
const KEY_BEGIN = /-----BEGIN [A-Z ]{0,64}PRIVATE KEY-----/g;
const KEY_END = /-----END [A-Z ]{0,64}PRIVATE KEY-----/g;
const MAX_MARKER_BYTES = 128;

type OnEnd = (taken: ReadonlyMap<string, number>, pointer: string) => void;

export class RedactionStream {
  readonly #search: SecretSearch;
  readonly #onEnd: OnEnd;
  /** How often what was taken out: the place in the proof is known when all has come. */
  readonly #taken = new Map<string, number>();
  #pending: Buffer = Buffer.alloc(0);
  /** Inside something whose end has not come: a private key until its END line, an endless credential until its last letter. */
  #until: RegExp | null = null;

  constructor(search: SecretSearch, onEnd: OnEnd) {
    this.#search = search;
    this.#onEnd = onEnd;
  }

  /** What is certain by now. */
  write(chunk: Uint8Array): Uint8Array {
    return this.#advance(chunk, false);
  }

  /** The rest. `pointer` is where in the proof the whole will be. */
  end(pointer: string): Uint8Array {
    const rest = this.#advance(new Uint8Array(), true);
    this.#onEnd(this.#taken, pointer);
    return rest;
  }

  #advance(chunk: Uint8Array, isEnd: boolean): Uint8Array {
    this.#pending = this.#pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#pending, chunk]);
    const parts: Uint8Array[] = [];
    while (this.#pending.length > 0 && !(this.#until !== null && !this.#leave(this.#until, isEnd))) {
      const part = this.#take(isEnd);
      if (part === null) break;
      parts.push(part);
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** True where the end of what is masked was found; up to there all is dropped. */
  #leave(until: RegExp, isEnd: boolean): boolean {
    until.lastIndex = 0;
    const match = until.exec(this.#pending.toString('latin1'));
    if (match !== null) {
      this.#pending = this.#pending.subarray(until === KEY_END ? match.index + match[0].length : match.index);
      this.#until = null;
      return true;
    }
    // The END line may have come in two pieces.
    this.#pending = isEnd || until !== KEY_END ? Buffer.alloc(0) : Buffer.from(this.#pending.subarray(-MAX_MARKER_BYTES));
    return false;
  }

  /** Takes what is certain from the beginning; null where nothing is. */
  #take(isEnd: boolean): Uint8Array | null {
    const pending = this.#pending;
    const limit = isEnd ? pending.length : limitOf(pending);
    if (limit === 0) return null;
    const hits = this.#search.find(pending);
    const key = openKeyIn(pending);
    if (key !== -1 && key < limit) return this.#mask(key, hits, { label: KEY_LABEL, until: KEY_END });
    const cut = isEnd ? limit : this.#cutAt(limit, hits);
    if (cut > 0) return this.#letThrough(cut, hits);
    const endless = hits[0];
    // Longer than any line: its rest is dropped as it comes.
    if (pending.length > MAX_LINE_BYTES && endless?.start === 0 && endless.end === pending.length)
      return this.#mask(0, [], { label: endless.label, until: /[^A-Za-z0-9+/=_.~-]/g });
    return null;
  }

  /** Before anything that begins before the limit and may go on behind it. */
  #cutAt(limit: number, hits: readonly Hit[]): number {
    let cut = Math.min(limit, this.#search.openFrom(this.#pending));
    for (let last = hits.length - 1; last >= 0; last -= 1) {
      // Patterns look at what stands before a match: what waits begins with a whole line.
      if (cut < limit) cut = lineStartBefore(this.#pending, cut);
      const { start, end } = hits[last]!;
      if (start < cut && end > cut) cut = start;
    }
    return cut < limit ? lineStartBefore(this.#pending, cut) : cut;
  }

  #letThrough(cut: number, hits: readonly Hit[]): Uint8Array {
    const part = this.#pending.subarray(0, cut);
    this.#pending = Buffer.from(this.#pending.subarray(cut));
    return this.#replace(
      part,
      hits.filter(({ end }) => end <= cut),
    );
  }

  #replace(part: Uint8Array, hits: readonly Hit[]): Uint8Array {
    for (const { label } of hits) this.#taken.set(label, (this.#taken.get(label) ?? 0) + 1);
    return replaceHits(part, hits);
  }

  #mask(from: number, hits: readonly Hit[], { label, until }: { readonly label: string; readonly until: RegExp }): Uint8Array {
    const before = hits.filter(({ end }) => end <= from);
    const part = this.#pending.subarray(0, from + 1);
    this.#pending = Buffer.from(this.#pending.subarray(from + 1));
    this.#until = until;
    return this.#replace(part, [...before, { start: from, end: from + 1, label }]);
  }
}

/** Behind the last complete line; within a line that is far too long, well before its end. */
function limitOf(pending: Buffer): number {
  const lineEnd = Math.max(pending.lastIndexOf(LINE_FEED), pending.lastIndexOf(CARRIAGE_RETURN)) + 1;
  return lineEnd > 0 || pending.length <= MAX_LINE_BYTES ? lineEnd : pending.length - WAITING_BYTES;
}

/** In a line that is far too long, the place itself: the line would be waited for without an end. */
function lineStartBefore(pending: Buffer, at: number): number {
  if (at === 0) return 0;
  const start = Math.max(pending.lastIndexOf(LINE_FEED, at - 1), pending.lastIndexOf(CARRIAGE_RETURN, at - 1)) + 1;
  return start === 0 && pending.length > MAX_LINE_BYTES ? at : start;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Where a private key begins that has not ended, or -1. */
function openKeyIn(pending: Buffer): number {
  if (!pending.includes('PRIVATE KEY-----')) return -1;
  const text = pending.toString('latin1');
  for (let from = 0; ;) {
    KEY_BEGIN.lastIndex = from;
    const begin = KEY_BEGIN.exec(text);
    if (begin === null) return -1;
    KEY_END.lastIndex = KEY_BEGIN.lastIndex;
    if (KEY_END.exec(text) === null) return begin.index;
    from = KEY_END.lastIndex;
  }
}

// Proofs of a Merkle tree as JSON, in the form of the public test vectors (transparency-dev/merkle testdata).
// Own reading because a size there may be any 64-bit integer: one that a double rounds must not become another size.
import { SophiaError } from '../../errors.ts';
import { outcome, type Outcome } from '../../outcome.ts';
import { decodeUtf8 } from '../canonical.ts';
import { fromBase64 } from './base64.ts';
import type { Consistency, Hash, Inclusion } from './merkle.ts';

export const MAX_LOG_INPUT_BYTES = 1024 * 1024;

/** `{leafIdx, treeSize, root, leafHash, proof[]}`. Throws `JSON_REFUSED` for all that is not of this form. */
export function readInclusion(file: string, bytes: Uint8Array): Inclusion {
  const fields = new Fields(file, bytes, ['leafIdx', 'treeSize', 'root', 'leafHash', 'proof']);
  return {
    index: fields.integer('leafIdx'),
    size: fields.integer('treeSize'),
    root: fields.hash('root'),
    leaf: fields.hash('leafHash'),
    proof: fields.hashes('proof'),
  };
}

/** `{size1, size2, root1, root2, proof[]}`. Throws `JSON_REFUSED` for all that is not of this form. */
export function readConsistency(file: string, bytes: Uint8Array): Consistency {
  const fields = new Fields(file, bytes, ['size1', 'size2', 'root1', 'root2', 'proof']);
  return {
    size1: fields.integer('size1'),
    size2: fields.integer('size2'),
    root1: fields.hash('root1'),
    root2: fields.hash('root2'),
    proof: fields.hashes('proof'),
  };
}

/** `claim`: what such a proof shows, as "the leaf is in the tree". */
export function tellLogProof({ file, check, claim, holds }: LogAnswer): Outcome<{ readonly holds: boolean }> {
  const reason = `${holds ? 'it shows' : 'it does not show'} that ${claim}`;
  const told = outcome([{ check, target: file, verdict: holds ? 'pass' : 'fail', reason }], { holds });
  return holds ? told : { ...told, error: new SophiaError('PROOF_DOES_NOT_HOLD', { directory: file, count: reason }) };
}

export interface LogAnswer {
  readonly file: string;
  readonly check: 'inclusion' | 'consistency';
  readonly claim: string;
  readonly holds: boolean;
}

/** Each string of a JSON text, and whether it is a key: outside of strings there are no quotes, so nothing is taken for one. */
const STRINGS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

class Fields {
  readonly #file: string;
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(file: string, bytes: Uint8Array, names: readonly string[]) {
    this.#file = file;
    const text = decodeUtf8(bytes) ?? this.refuse('not UTF-8');
    if (text.startsWith('\uFEFF')) this.refuse('starts with a byte order mark');
    const value = this.#parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.#values = new Map(isObject ? Object.entries(value) : this.refuse('not a JSON object'));
    const keys = [...text.matchAll(STRINGS)].flatMap(([string, colon]) => (colon === undefined ? [] : [nameIn(string)]));
    for (const name of names) {
      const count = keys.filter((key) => key === name).length;
      if (count !== 1) this.refuse(`${name} is ${count === 0 ? 'missing' : 'there twice'}`);
    }
  }

  /** Beyond 2^53 it is no safe integer, which no proof holds for. */
  integer(name: string): number {
    const value = this.#values.get(name);
    return typeof value === 'bigint' ? Number(value) : this.refuse(`${name} is not a whole number from 0`);
  }

  /** Of any length: a hash that is too short is a hash that does not hold. */
  hash(name: string): Hash {
    return this.#bytes(this.#values.get(name), name);
  }

  /** The vectors have `null` for a proof without hashes. */
  hashes(name: string): readonly Hash[] {
    const value = this.#values.get(name);
    if (value === null) return [];
    return Array.isArray(value)
      ? value.map((each: unknown, index) => this.#bytes(each, `${name}[${index}]`))
      : this.refuse(`${name} is not a list`);
  }

  refuse(problem: string): never {
    throw new SophiaError('JSON_REFUSED', { file: this.#file, problem });
  }

  #bytes(value: unknown, name: string): Hash {
    const bytes = typeof value === 'string' ? fromBase64(value) : null;
    return bytes ?? this.refuse(`${name} is not base64`);
  }

  #parse(text: string): unknown {
    try {
      return JSON.parse(text, toExact);
    } catch (thrown) {
      return this.refuse(thrown instanceof RangeError ? 'nested too deeply' : thrown instanceof Error ? thrown.message : 'not JSON');
    }
  }
}

/** Numbers by their letters: `1.0`, `1e2` and `-0` are none that a size is written as. */
function toExact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number') return value;
  return /^(?:0|[1-9][0-9]*)$/.test(context?.source ?? '') ? BigInt(context?.source ?? '') : Number.NaN;
}

function nameIn(string: string): string {
  return String(JSON.parse(string.slice(0, string.lastIndexOf('"') + 1)));
}

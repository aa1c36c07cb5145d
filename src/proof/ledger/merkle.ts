// The Merkle tree over the proofs: hashes, roots, and the two kinds of proof that anyone can check with thirty lines of code.
// Source: RFC 9162 §2.1 (the tree of RFC 6962). Sizes are numbers up to 2^53, so nothing here shifts bits.
import { createHash, hash } from 'node:crypto';

/** 32 bytes, SHA-256. */
export type Hash = Uint8Array;

export const HASH_BYTES = 32;

const LEAF = Uint8Array.of(0);
const NODE = 1;

/** Root of the tree that has no leaf: SHA-256 of nothing. */
export const EMPTY_ROOT: Hash = hash('sha256', '', 'buffer');

export function leafHash(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(LEAF).update(bytes).digest();
}

export function nodeHash(left: Hash, right: Hash): Buffer {
  const joined = Buffer.allocUnsafe(1 + 2 * HASH_BYTES);
  joined[0] = NODE;
  joined.set(left, 1);
  joined.set(right, 1 + HASH_BYTES);
  return hash('sha256', joined, 'buffer');
}

/**
 * A tree that grows: it keeps the roots of its perfect subtrees, largest first, which is all that its root and its next leaf need.
 * They are kept as text of one letter a byte: a hundred thousand small buffers cost more than the hashing.
 */
export class GrowingTree {
  #size = 0;
  #roots: string[] = [];

  copy(): GrowingTree {
    const tree = new GrowingTree();
    tree.#size = this.#size;
    tree.#roots = [...this.#roots];
    return tree;
  }

  get size(): number {
    return this.#size;
  }

  get root(): Hash {
    const whole = this.#roots.reduceRight<string | null>((right, left) => (right === null ? left : join(left, right)), null);
    return whole === null ? EMPTY_ROOT : Buffer.from(whole, 'latin1');
  }

  append(leaf: Hash): void {
    this.#append(Buffer.from(leaf.buffer, leaf.byteOffset, leaf.byteLength).toString('latin1'));
  }

  /** 64 hex digits, as an entry of the ledger has them. */
  appendHex(leaf: string): void {
    this.#append(Buffer.from(leaf, 'hex').toString('latin1'));
  }

  #append(leaf: string): void {
    let node = leaf;
    for (let rest = this.#size; rest % 2 === 1; rest = half(rest)) node = join(this.#roots.pop()!, node);
    this.#roots.push(node);
    this.#size += 1;
  }
}

/** Lent to each node in turn. */
const pair = Buffer.alloc(1 + 2 * HASH_BYTES, NODE);

function join(left: string, right: string): string {
  pair.write(left, 1, 'latin1');
  pair.write(right, 1 + HASH_BYTES, 'latin1');
  return hash('sha256', pair, 'binary');
}

export function rootOf(leaves: Iterable<Hash>): Hash {
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.append(leaf);
  return tree.root;
}

/** PATH(index, leaves), deepest first. Throws a RangeError where there is no such leaf. */
export function proveInclusion(leaves: readonly Hash[], index: number): readonly Hash[] {
  if (!Number.isSafeInteger(index) || index < 0 || index >= leaves.length)
    throw new RangeError(`there is no leaf ${index} among ${leaves.length}`);
  const proof: Hash[] = [];
  let from = 0;
  let to = leaves.length;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    const isLeft = index < middle;
    proof.push(isLeft ? rootOfRange(leaves, middle, to) : rootOfRange(leaves, from, middle));
    if (isLeft) to = middle;
    else from = middle;
  }
  return proof.reverse();
}

/** PROOF(size, leaves): that the tree of the first `size` leaves is the beginning of the tree of all. Throws a RangeError for sizes that cannot be. */
export function proveConsistency(leaves: readonly Hash[], size: number): readonly Hash[] {
  if (!Number.isSafeInteger(size) || size < 1 || size > leaves.length)
    throw new RangeError(`there is no tree of ${size} that begins one of ${leaves.length}`);
  const proof: Hash[] = [];
  let from = 0;
  let to = leaves.length;
  while (size < to) {
    const middle = from + splitOf(to - from);
    const isLeft = size <= middle;
    proof.push(isLeft ? rootOfRange(leaves, middle, to) : rootOfRange(leaves, from, middle));
    if (isLeft) to = middle;
    else from = middle;
  }
  // The old tree itself is known to whoever asks; a part of it is not.
  if (from > 0) proof.push(rootOfRange(leaves, from, to));
  return proof.reverse();
}

export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly leaf: Hash;
  readonly root: Hash;
  readonly proof: readonly Hash[];
}

/** RFC 9162 §2.1.3.2. False for anything that is not exactly the proof, lengths of hashes included. */
export function holdsInclusion({ index, size, leaf, root, proof }: Inclusion): boolean {
  if (!isSize(size) || !isSize(index) || index >= size || ![leaf, root, ...proof].every(isHash)) return false;
  let at = index;
  let last = size - 1;
  let node = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      node = nodeHash(sibling, node);
      [at, last] = climbFromRight(at, last);
    } else {
      node = nodeHash(node, sibling);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 && isSame(node, root);
}

export interface Consistency {
  readonly size1: number;
  readonly size2: number;
  readonly root1: Hash;
  readonly root2: Hash;
  readonly proof: readonly Hash[];
}

/** RFC 9162 §2.1.4.2. An empty first tree is the beginning of every tree, so a proof of it would say nothing: false. */
export function holdsConsistency({ size1, size2, root1, root2, proof }: Consistency): boolean {
  if (!isSize(size1) || !isSize(size2) || size1 === 0 || size1 > size2 || ![root1, root2, ...proof].every(isHash)) return false;
  if (size1 === size2) return proof.length === 0 && isSame(root1, root2);
  let at = size1 - 1;
  let last = size2 - 1;
  while (at % 2 === 1) {
    at = half(at);
    last = half(last);
  }
  // Where the first tree is one perfect subtree of the second, its root is not repeated in the proof.
  const [start, ...rest] = at === 0 ? [root1, ...proof] : proof;
  if (start === undefined || proof.length === 0) return false;
  let first = start;
  let second = start;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      first = nodeHash(sibling, first);
      second = nodeHash(sibling, second);
      [at, last] = climbFromRight(at, last);
    } else {
      second = nodeHash(second, sibling);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 && isSame(first, root1) && isSame(second, root2);
}

/** The levels where a last node has no sibling: it moves up as it is. */
function climbFromRight(at: number, last: number): [number, number] {
  let [node, end] = [at, last];
  while (node % 2 === 0 && node !== 0) {
    node = half(node);
    end = half(end);
  }
  return [node, end];
}

function rootOfRange(leaves: readonly Hash[], from: number, to: number): Hash {
  const tree = new GrowingTree();
  for (let index = from; index < to; index += 1) tree.append(leaves[index]!);
  return tree.root;
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isHash(bytes: Hash): boolean {
  return bytes.length === HASH_BYTES;
}

function isSame(one: Hash, other: Hash): boolean {
  return Buffer.compare(one, other) === 0;
}

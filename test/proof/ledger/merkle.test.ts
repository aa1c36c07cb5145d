import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import {
  EMPTY_ROOT,
  GrowingTree,
  holdsConsistency,
  holdsInclusion,
  leafHash,
  nodeHash,
  proveConsistency,
  proveInclusion,
  rootOf,
  type Hash,
} from '../../../src/proof/ledger/merkle.ts';

const LARGEST = 300;
const LEAVES = Array.from({ length: LARGEST }, (_, index) => leafHash(Buffer.from(`leaf ${index}`)));

const roots = new Map<string, Buffer>();

/** MTH of RFC 9162 §2.1.1, word by word, of the leaves from `from` to before `to`. */
function naiveRoot(from: number, to: number): Buffer {
  const key = `${from} ${to}`;
  const root = roots.get(key) ?? makeNaiveRoot(from, to);
  roots.set(key, root);
  return root;
}

function makeNaiveRoot(from: number, to: number): Buffer {
  if (to - from === 1) return Buffer.from(LEAVES[from]!);
  const middle = from + splitOf(to - from);
  return createHash('sha256').update(Buffer.of(1)).update(naiveRoot(from, middle)).update(naiveRoot(middle, to)).digest();
}

/** PATH of RFC 9162 §2.1.3.1; `index` counts from 0. */
function naivePath(index: number, from: number, to: number): readonly Hash[] {
  if (to - from === 1) return [];
  const middle = from + splitOf(to - from);
  return index < middle
    ? [...naivePath(index, from, middle), naiveRoot(middle, to)]
    : [...naivePath(index, middle, to), naiveRoot(from, middle)];
}

/** SUBPROOF of RFC 9162 §2.1.4.1, `from` being 0 exactly where the root of the first tree is known. */
function naiveSubproof(size: number, from: number, to: number): readonly Hash[] {
  if (from + size === to) return from === 0 ? [] : [naiveRoot(from, to)];
  const split = splitOf(to - from);
  return size <= split
    ? [...naiveSubproof(size, from, from + split), naiveRoot(from + split, to)]
    : [...naiveSubproof(size - split, from + split, to), naiveRoot(from, from + split)];
}

function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}

function hex(hashes: readonly Hash[]): readonly string[] {
  return hashes.map((each) => Buffer.from(each).toString('hex'));
}

function flipped(bytes: Hash): Buffer {
  const copy = Buffer.from(bytes);
  copy[7]! ^= 0x10;
  return copy;
}

test('the roots are those of the vectors of certificate transparency', () => {
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const known = [
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
  ];
  const tree = new GrowingTree();
  assert.deepEqual(hex([tree.root, EMPTY_ROOT]), Array(2).fill(createHash('sha256').digest('hex')));
  for (const [index, input] of inputs.entries()) {
    tree.append(leafHash(Buffer.from(input, 'hex')));
    assert.deepEqual(hex([tree.root]), [known[index]]);
  }
});

test('root and inclusion proofs are those of the definition for every size to 300, and only they hold', () => {
  for (let size = 1; size <= LARGEST; size += 1) {
    const leaves = LEAVES.slice(0, size);
    const root = rootOf(leaves);
    assert.deepEqual(hex([root]), hex([naiveRoot(0, size)]));
    // Every leaf up to 64, then the edges and those around the splits.
    const indexes = size <= 64 ? leaves.keys() : new Set([0, 64, 128, 255, size - 2, size - 1].filter((index) => index < size));
    for (const index of indexes) {
      const proof = proveInclusion(leaves, index);
      assert.deepEqual(hex(proof), hex(naivePath(index, 0, size)));
      const claim = { index, size, leaf: leaves[index]!, root, proof };
      assert.ok(holdsInclusion(claim), `${index} of ${size}`);
      assert.ok(!holdsInclusion({ ...claim, root: flipped(root) }));
      assert.ok(!holdsInclusion({ ...claim, leaf: flipped(claim.leaf) }));
      assert.ok(!holdsInclusion({ ...claim, proof: [...proof, root] }));
      assert.ok(!holdsInclusion({ ...claim, proof: [new Uint8Array(), ...proof] }));
      assert.ok(!holdsInclusion({ ...claim, index: index + 1 }));
      if (proof.length > 0) assert.ok(!holdsInclusion({ ...claim, proof: proof.slice(1) }));
    }
  }
});

test('consistency proofs are those of the definition for every pair to 64, and only they hold', () => {
  for (let size2 = 1; size2 <= 64; size2 += 1) {
    const leaves = LEAVES.slice(0, size2);
    const root2 = rootOf(leaves);
    for (let size1 = 1; size1 <= size2; size1 += 1) {
      const root1 = rootOf(leaves.slice(0, size1));
      const proof = proveConsistency(leaves, size1);
      assert.deepEqual(hex(proof), hex(naiveSubproof(size1, 0, size2)));
      const claim = { size1, size2, root1, root2, proof };
      assert.ok(holdsConsistency(claim), `${size1} to ${size2}`);
      assert.ok(!holdsConsistency({ ...claim, root1: flipped(root1) }));
      assert.ok(!holdsConsistency({ ...claim, root2: flipped(root2) }));
      assert.ok(!holdsConsistency({ ...claim, proof: [...proof, root1] }));
      for (const [index, each] of proof.entries()) assert.ok(!holdsConsistency({ ...claim, proof: proof.with(index, flipped(each)) }));
      if (proof.length > 0) assert.ok(!holdsConsistency({ ...claim, proof: proof.slice(0, -1) }));
      if (size1 < size2) assert.ok(!holdsConsistency({ ...claim, size1: size2, size2: size1 }));
    }
  }
});

test('an empty tree proves nothing of a later one', () => {
  const root2 = rootOf(LEAVES.slice(0, 3));
  assert.ok(!holdsConsistency({ size1: 0, size2: 3, root1: EMPTY_ROOT, root2, proof: [] }));
  assert.ok(!holdsConsistency({ size1: 0, size2: 0, root1: EMPTY_ROOT, root2: EMPTY_ROOT, proof: [] }));
});

test('sizes that a double rounds, negative and broken ones hold for nothing', () => {
  const leaf = LEAVES[0]!;
  for (const size of [2 ** 53, 2 ** 60, -1, 1.5, Number.NaN, Infinity]) {
    assert.ok(!holdsInclusion({ index: 0, size, leaf, root: leaf, proof: [] }));
    assert.ok(!holdsInclusion({ index: size, size: 1, leaf, root: leaf, proof: [] }));
    assert.ok(!holdsConsistency({ size1: size, size2: size, root1: leaf, root2: leaf, proof: [] }));
  }
});

test('a tree of more leaves than 32 bits can count is judged without overflow', () => {
  // The last leaf of 2^40 + 1: its only sibling is the root of the perfect tree before it.
  const [leaf, before] = [LEAVES[0]!, LEAVES[1]!];
  const claim = { index: 2 ** 40, size: 2 ** 40 + 1, leaf, root: nodeHash(before, leaf), proof: [before] };
  assert.ok(holdsInclusion(claim));
  assert.ok(!holdsInclusion({ ...claim, index: 2 ** 40 - 1 }));
  assert.ok(holdsConsistency({ size1: 2 ** 40, size2: 2 ** 40 + 1, root1: before, root2: claim.root, proof: [leaf] }));
});

test('there is no proof of what is not in the tree', () => {
  const leaves = LEAVES.slice(0, 3);
  for (const index of [-1, 3, 0.5]) assert.throws(() => proveInclusion(leaves, index), RangeError);
  for (const size of [0, 4, 1.5]) assert.throws(() => proveConsistency(leaves, size), RangeError);
});

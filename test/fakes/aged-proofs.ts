// A directory with proofs of other days, recorded and sealed by the real code with the clock set.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { Context, Files } from '../../src/context.ts';
import { sealProofs, type Sealing } from '../../src/proof/ledger/seal.ts';
import { isJsonObject, parseJson, serialize } from '../../src/proof/canonical.ts';
import { recordRun, type Body } from '../../src/proof/recording/record.ts';
import { locateStore, type Store } from '../../src/proof/store.ts';
import { hashFindings } from '../../src/proof/verification/judge.ts';
import { clockAt, contextFor, temporaryFolder } from './context.ts';

export class AgedProofs {
  readonly directory: string;
  readonly #test: TestContext;

  constructor(test: TestContext) {
    this.#test = test;
    this.directory = temporaryFolder(test);
  }

  get store(): Store {
    return locateStore(this.at('2026-11-23'));
  }

  /** The same place on another day; the clock stands still. */
  at(day: string): Context {
    return contextFor(this.#test, { directory: this.directory, clock: clockAt(Date.parse(day)) });
  }

  /** Path relative to proofs/. */
  async record(day: string, kind: string, body: Body = passing): Promise<string> {
    const { proof, proofProblem } = await recordRun(this.at(day), { kind, command: kind, argv: [kind] }, body);
    if (proof === null) throw new Error(proofProblem?.title);
    return proof.path.slice('proofs/'.length);
  }

  /** Another run of the same moment that found something else, without the cost of a run. */
  copy(proof: string, number: number): void {
    const { files, proofs } = this.store;
    const id = path.basename(proof, '.json');
    const other = `${id.slice(0, -4)}${String(number).padStart(4, '0')}`;
    const statement = parseJson(files.readText(`${proofs}/${proof}`).replaceAll(id, other).replace('"r"', `"r ${number}"`));
    assert(isJsonObject(statement) && isJsonObject(statement['predicate']));
    const subject = [{ name: 'findings', digest: { sha256: hashFindings(statement['predicate']['findings'] ?? []) } }];
    writeFileSync(`${proofs}/${proof.replace(id, other)}`, serialize({ ...statement, subject }));
  }

  /** Takes a proof away until the returned function puts it back: it comes late, as from another branch. */
  hold(proof: string): () => void {
    const file = `${this.store.proofs}/${proof}`;
    const bytes = readFileSync(file);
    rmSync(file);
    return () => {
      this.store.files.makeDirectory(path.dirname(file));
      writeFileSync(file, bytes);
    };
  }

  /** Paths of all files below proofs/. */
  files(): readonly string[] {
    if (!existsSync(this.store.proofs)) return [];
    const entries = readdirSync(this.store.proofs, { recursive: true, withFileTypes: true });
    const files = entries.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name));
    return files.map((file) => path.relative(this.store.proofs, file)).sort();
  }

  async seal(day: string): Promise<Sealing> {
    return await sealProofs(this.at(day), { place: this.store, run: { command: 'proofs seal', argv: [] }, key: null });
  }
}

/** Every call that changes the disk counts; the nth fails, and so does whatever comes after it: the process is gone. */
export function failingAt(files: Files, nth: number): Files {
  let count = 0;
  const step = (): void => {
    count += 1;
    if (count >= nth) throw new Error('cut off');
  };
  return {
    ...files,
    create: (path, bytes) => (step(), files.create(path, bytes)),
    replace: (path, bytes) => (step(), files.replace(path, bytes)),
    rename: (from, to) => (step(), files.rename(from, to)),
    remove: (path) => (step(), files.remove(path)),
  };
}

function passing({ record }: Context): void {
  record.find({ check: 'c', target: 't', verdict: 'pass', reason: 'r' });
}

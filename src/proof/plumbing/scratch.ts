// A folder that is gone afterwards: for an index that is nobody's, and for proofs of a branch that is not checked out.
import type { Context } from '../../context.ts';

export interface Scratch {
  /** Absolute. */
  readonly folder: string;
  /** Writes a file; returns what undoes it. The path is relative, and has been checked. */
  put(path: string, bytes: Uint8Array): () => void;
  /** Empty where there is no such file. */
  read(path: string): Uint8Array;
}

export async function withScratch<Value>({ files }: Pick<Context, 'files'>, use: (scratch: Scratch) => Promise<Value>): Promise<Value> {
  const home = files.temporaryDirectory('sophia-publish-');
  // One below: who works on a directory of proofs leaves a lock beside it.
  const folder = `${home}/proofs`;
  const put = (path: string, bytes: Uint8Array): (() => void) => {
    const file = `${folder}/${path}`;
    const before = files.exists(file) ? files.read(file) : null;
    files.makeDirectory(file.slice(0, file.lastIndexOf('/')));
    files.replace(file, bytes);
    return () => (before === null ? files.remove(file) : files.replace(file, before));
  };
  const read = (path: string): Uint8Array => (files.exists(`${folder}/${path}`) ? files.read(`${folder}/${path}`) : new Uint8Array());
  try {
    files.makeDirectory(folder);
    return await use({ folder, put, read });
  } finally {
    files.remove(home);
  }
}

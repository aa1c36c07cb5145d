// File names are bytes. Nearly all are UTF-8; the rest keep their bytes beside a lossy text.
import { isUtf8 } from 'node:buffer';
import type { Path } from '../context.ts';

export interface Name {
  /** '/'-separated, relative to the root; lossy when `pathBytes` is there. */
  readonly path: string;
  readonly pathBytes: Uint8Array | null;
}

/** Where a file is on disk. */
export function locate(root: string, { path, pathBytes }: Name): Path {
  return pathBytes === null ? `${root}/${path}` : Buffer.concat([Buffer.from(`${root}/`), pathBytes]);
}

/** The same name, told from a folder above the root: `prefix` ends with a slash, or is empty. */
export function below(prefix: string, { path, pathBytes }: Name): Name {
  return { path: path.slice(prefix.length), pathBytes: pathBytes?.subarray(Buffer.byteLength(prefix)) ?? null };
}

export function childOf(directory: Name, name: Path): Name {
  const isPlain = typeof name === 'string' && directory.pathBytes === null;
  if (isPlain) return { path: directory.path === '' ? name : `${directory.path}/${name}`, pathBytes: null };
  const parent = directory.pathBytes ?? Buffer.from(directory.path);
  const separator = parent.length === 0 ? '' : '/';
  return toName(Buffer.concat([parent, Buffer.from(separator), typeof name === 'string' ? Buffer.from(name) : name]));
}

/** `-z` output of git as text: the whole of it is decoded once, because a call for each of many lines costs more than git itself. */
export class Records {
  readonly lines: readonly string[];
  readonly #isText: boolean;

  constructor(output: Uint8Array) {
    this.#isText = isUtf8(output);
    const text = Buffer.from(output.buffer, output.byteOffset, output.length).toString(this.#isText ? 'utf8' : 'latin1');
    this.lines = text.split('\0').slice(0, -1);
  }

  /** The name that ends a line. */
  nameOf(part: string): Name {
    return this.#isText ? { path: part, pathBytes: null } : toName(Buffer.from(part, 'latin1'));
  }
}

function toName(bytes: Buffer): Name {
  return { path: bytes.toString(), pathBytes: isUtf8(bytes) ? null : bytes };
}

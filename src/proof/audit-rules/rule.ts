// What a rule of the audit is: pure, one file each, found by the generator.
import type { Exhibit } from '../audit/exhibit.ts';
import type { FileHistory } from '../audit/history.ts';

/** `fail`: it contradicts itself, is broken, or leaks. `warn`: it says less than evidence must. */
export type Level = 'fail' | 'warn';

export interface Spot {
  readonly reason: string;
  /** In the text of the file, UTF-16 units; left out where no place is meant. */
  readonly offset?: number;
}

export interface Rule {
  /** As findings and SARIF have it: the file's name. */
  readonly id: string;
  readonly level: Level;
  /** One sentence: what is wrong with a file that the rule finds. */
  readonly summary: string;
  /** What to do instead. */
  readonly mend: string;
  /** One file at a time. */
  readonly examine?: (exhibit: Exhibit) => Iterable<Spot>;
  /** When every file has been seen. */
  readonly conclude?: (directory: Directory) => Iterable<PlacedSpot>;
}

export interface PlacedSpot extends Spot {
  /** Relative to the directory. */
  readonly path: string;
}

/** What is kept of files that were examined. */
export interface Directory {
  /** Those of others; what our own proofs vouch for is not among them. */
  readonly files: readonly SeenFile[];
  /** Of git, by path, deleted files too; null where it was not asked. */
  readonly history: ReadonlyMap<string, FileHistory> | null;
}

export interface SeenFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

export function defineRule(rule: Rule): Rule {
  return rule;
}

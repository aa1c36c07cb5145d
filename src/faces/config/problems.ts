// Everything that is wrong with a file, gathered before it is told, because a file is mended once and not line by line.
import type { LineCounter } from 'yaml';
import { SophiaError } from '../../errors.ts';
import type { Location } from '../../section.ts';

/** A file that is broken throughout has one problem, not thousands. */
const MAX_TOLD = 100;
/** A key can be as long as the file. */
const MAX_LENGTH = 400;

interface Found {
  readonly offset: number;
  readonly problem: string;
  /** What follows from broken syntax may be wrong for that reason alone, so syntax comes first. */
  readonly isSyntax: boolean;
}

export class Problems {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #found = new Map<string, Found>();
  #mask = (problem: string): string => problem;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  /** `mask` takes out of every problem what must not be printed. */
  mask(mask: (problem: string) => string): void {
    this.#mask = mask;
  }

  add(offset: number, problem: string): void {
    this.#keep({ offset, problem, isSyntax: false });
  }

  addSyntax(offset: number, problem: string): void {
    this.#keep({ offset, problem, isSyntax: true });
  }

  locate(offset: number): Location {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  throwIfAny(): void {
    const found = [...this.#found.values()].toSorted((a, b) => Number(b.isSyntax) - Number(a.isSyntax) || a.offset - b.offset);
    const first = found[0];
    if (first === undefined) return;
    const rest = found.length === 1 ? '' : ` (and ${found.length - 1} more)`;
    const errors = found.slice(0, MAX_TOLD).map((each) => this.#tell(each));
    throw new SophiaError('CONFIG_INVALID', { ...this.locate(first.offset), problem: `${this.#spell(first)}${rest}` }, { errors });
  }

  #keep(found: Found): void {
    this.#found.set(`${found.offset} ${found.problem}`, found);
  }

  #tell(found: Found) {
    const { file, line, column } = this.locate(found.offset);
    const problem = this.#spell(found);
    return { code: 'CONFIG_INVALID', message: `${file}:${line}:${column}: ${problem}`, location: { file, line, column }, problem };
  }

  #spell({ problem }: Found): string {
    const masked = this.#mask(problem);
    return masked.length <= MAX_LENGTH ? masked : `${masked.slice(0, MAX_LENGTH).toWellFormed()}…`;
  }
}

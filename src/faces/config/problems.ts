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
  readonly #mask: (problem: string) => string;
  readonly #found = new Map<string, Found>();

  /** `mask` takes out of a problem what must not be printed. */
  constructor(file: string, lines: LineCounter, mask: (problem: string) => string) {
    this.#file = file;
    this.#lines = lines;
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
    const errors = found.slice(0, MAX_TOLD).map(({ offset, problem }) => this.#tell(this.locate(offset), problem));
    throw new SophiaError('CONFIG_INVALID', { ...this.locate(first.offset), problem: `${first.problem}${rest}` }, { errors });
  }

  #keep(found: Found): void {
    const masked = this.#mask(found.problem);
    const problem = masked.length <= MAX_LENGTH ? masked : `${masked.slice(0, MAX_LENGTH).toWellFormed()}…`;
    this.#found.set(`${found.offset} ${problem}`, { ...found, problem });
  }

  #tell(location: Location, problem: string) {
    const { file, line, column } = location;
    return { code: 'CONFIG_INVALID', message: `${file}:${line}:${column}: ${problem}`, location: { file, line, column }, problem };
  }
}

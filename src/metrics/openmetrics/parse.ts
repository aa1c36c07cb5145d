// OpenMetrics 1.0, text. What the specification forbids is an error, with its place; nothing is guessed.
// Source: OpenMetrics specification 1.0, "Text format". Beyond its grammar a bare quote and a last backslash are taken in HELP,
// as every well-known reader does: the text is for people.
import type { MetricsError } from '../reading.ts';
import type { Exposition, Family } from '../series.ts';
import { endOf, linesOf, Mistakes } from '../text.ts';
import { readDescriptor } from './descriptor.ts';
import { FamilyReader } from './family.ts';
import { Names } from './names.ts';
import { readSample } from './sample-line.ts';

export interface Parsed {
  readonly exposition: Exposition;
  /** By place. */
  readonly errors: readonly MetricsError[];
}

/** The whole text; linear in its length. */
export function parseOpenMetrics(text: string): Parsed {
  const mistakes = new Mistakes();
  const reader = new DocumentReader(mistakes);
  let hasEnded = false;
  for (const line of linesOf(text)) {
    if (mistakes.isFull) break;
    if (hasEnded) {
      mistakes.add({ line: line.number, column: 1 }, 'nothing may follow # EOF');
      break;
    }
    hasEnded = line.text === '# EOF';
    if (!hasEnded) reader.read(line.text, line.number);
  }
  if (!hasEnded && !mistakes.isFull) mistakes.add(endOf(text), 'the document does not end with # EOF, so a part of it may be missing');
  return { exposition: reader.end(), errors: mistakes.inOrder() };
}

class DocumentReader {
  readonly #mistakes: Mistakes;
  readonly #names: Names;
  readonly #families: Family[] = [];
  #family: FamilyReader | null = null;
  #samples = 0;

  constructor(mistakes: Mistakes) {
    this.#mistakes = mistakes;
    this.#names = new Names(mistakes);
  }

  read(text: string, line: number): void {
    if (text.endsWith('\r')) this.#refuse(line, { column: text.length, message: 'a carriage return: lines end with a line feed only' });
    else if (text === '') this.#mistakes.add({ line, column: 1 }, 'an empty line');
    else if (text.startsWith('#')) this.#readDescriptor(text, line);
    else this.#readSample(text, line);
  }

  end(): Exposition {
    this.#close();
    return { families: this.#families, samples: this.#samples };
  }

  #readDescriptor(text: string, line: number): void {
    const read = readDescriptor(text);
    if (!read.ok) return this.#refuse(line, read.flaw);
    const { name, nameColumn } = read.descriptor;
    if (this.#family?.name !== name) this.#open(name, { line, column: nameColumn });
    this.#family?.describe(read.descriptor, line);
  }

  #readSample(text: string, line: number): void {
    const read = readSample(text, line);
    if (!read.ok) return this.#refuse(line, read.flaw);
    this.#samples += 1;
    if (this.#family?.owns(read.sample.name) !== true) this.#open(read.sample.name, { line, column: 1 });
    this.#family?.add(read.sample);
  }

  #open(name: string, place: { readonly line: number; readonly column: number }): void {
    this.#close();
    this.#family = new FamilyReader(name, place, this.#mistakes);
  }

  #close(): void {
    if (this.#family === null) return;
    this.#names.claim(this.#family);
    this.#families.push(this.#family.end());
    this.#family = null;
  }

  /** Of a family that has a broken line it is not known what it lacks. */
  #refuse(line: number, { column, message }: { readonly column: number; readonly message: string }): void {
    this.#mistakes.add({ line, column }, message);
    this.#family?.doubt();
  }
}

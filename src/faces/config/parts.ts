// What each part of the file gives: options of a command, the section of a room, or both under one name.
import { isConfigurable, toSnake, type Command, type OptionSpec } from '../../command.ts';
import type { Section } from '../../section.ts';
import { escapePointer, type Flaw } from '../../shape.ts';
import { suggest } from '../../suggest.ts';
import { parseDuration, parseSize } from '../../units.ts';
import type { RawOptions } from '../options.ts';
import type { ConfigDocument } from './document.ts';
import type { Problems } from './problems.ts';

type Mapping = Readonly<Record<string, unknown>>;

export class PartReader {
  readonly #document: ConfigDocument;
  readonly #problems: Problems;
  /** By the command's name. */
  readonly options = new Map<string, RawOptions>();
  /** By the section's name: what its shape has accepted. */
  readonly values = new Map<string, unknown>();
  readonly secretNames: string[] = [];
  #names: readonly string[] = [];

  constructor(document: ConfigDocument, problems: Problems) {
    this.#document = document;
    this.#problems = problems;
  }

  /** The parts that the file has, of those there are. */
  names(known: readonly string[]): readonly string[] {
    this.#names = known;
    const { value } = this.#document;
    if (value !== null && !isMapping(value)) this.#problems.add(this.#document.valueAt(''), 'the file must be a mapping of sections');
    const keys = isMapping(value) ? Object.keys(value) : [];
    for (const key of keys.filter((each) => !known.includes(each)))
      this.#problems.add(this.#document.entryAt(toPointer(key)), `unknown section "${key}"${suggest(key, known)}`);
    return keys.filter((each) => known.includes(each));
  }

  read(name: string, command: Command | null, section: Section | null): void {
    const value = this.#file[name];
    if (value === null) return;
    if (!isMapping(value) && section?.fields !== null) {
      const near = suggest(
        name,
        this.#names.filter((each) => each !== name),
      );
      this.#problems.add(this.#document.valueAt(toPointer(name)), `"${name}" must be a mapping of options${near}`);
      return;
    }
    const options = optionsOf(command);
    if (command !== null && isMapping(value)) this.options.set(command.name, this.#readOptions(name, options, value));
    const rest = isMapping(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !options.has(key))) : value;
    if (section !== null) this.#readSection(section, rest, [...options.keys()]);
    else for (const key of Object.keys(rest as Mapping)) this.#tell(name, unknownKey(toPointer(key), [...options.keys()]));
  }

  get #file(): Mapping {
    return isMapping(this.#document.value) ? this.#document.value : {};
  }

  #readOptions(name: string, options: ReadonlyMap<string, NamedOption>, value: Mapping): RawOptions {
    const read: Record<string, string | boolean | readonly string[]> = {};
    for (const [key, { name: option, spec }] of options) {
      if (!Object.hasOwn(value, key)) continue;
      const plain = value[key];
      if (isRight(spec, plain))
        read[option] = typeof plain === 'boolean' ? plain : Array.isArray(plain) ? plain.map(String) : String(plain);
      else this.#problems.add(this.#document.valueAt(toPointer(name, key)), `"${name}.${key}" must be ${describe(spec, plain)}`);
    }
    return read;
  }

  #readSection(section: Section, value: unknown, options: readonly string[]): void {
    const { name, shape, meaning } = section;
    const flaws: Flaw[] = [];
    if (shape.check(value, '', flaws)) {
      this.values.set(name, value);
      this.secretNames.push(...(section.secretNames?.(value) ?? []));
    }
    for (const flaw of flaws)
      this.#tell(name, isOfTop(flaw) && flaw.known !== undefined ? { ...flaw, known: [...options, ...flaw.known] } : flaw);
    meaning?.(value, this.#file, (pointer, problem) => {
      const at = toPointer(name) + pointer;
      this.#problems.add(this.#document.valueAt(at), `${this.#document.pathOf(at)}: ${problem}`);
    });
  }

  /** Each flaw at what it is about: a key, a value, or what lacks a key. */
  #tell(section: string, { pointer, message, isOfKey, known }: Flaw): void {
    const at = toPointer(section) + pointer;
    const offset = isOfKey === true ? this.#document.entryAt(at) : this.#document.valueAt(at);
    if (known === undefined) return this.#problems.add(offset, `"${this.#document.pathOf(at)}" ${message}`);
    const parent = this.#document.pathOf(at.slice(0, at.lastIndexOf('/')));
    const key = at
      .slice(at.lastIndexOf('/') + 1)
      .replaceAll('~1', '/')
      .replaceAll('~0', '~');
    this.#problems.add(offset, `unknown key "${key}" in ${parent}${suggest(key, known)}`);
  }
}

interface NamedOption {
  readonly name: string;
  readonly spec: OptionSpec;
}

/** By their keys in the file. */
function optionsOf(command: Command | null): ReadonlyMap<string, NamedOption> {
  const named = Object.entries(command?.options ?? {}).filter(([, spec]) => isConfigurable(spec));
  return new Map(named.map(([name, spec]) => [toSnake(name), { name, spec }]));
}

/** What `parseOptions` takes, so that nothing of the file is refused without its place. */
function isRight(spec: OptionSpec, value: unknown): boolean {
  const isEnough = (amount: number | null): boolean => amount !== null && amount >= (spec.min ?? -Infinity);
  switch (spec.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(value) && isEnough(Number(value));
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) && isEnough(value);
    case 'duration':
      return typeof value === 'string' && isEnough(parseDuration(value));
    case 'size':
      return (typeof value === 'string' || Number.isSafeInteger(value)) && isEnough(parseSize(String(value)));
    case 'list':
      return typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
    case 'path':
      return typeof value === 'string' && value !== '';
    default:
      return typeof value === 'string' && (spec.choices?.includes(value) ?? true);
  }
}

function describe(spec: OptionSpec, value: unknown): string {
  if (spec.choices !== undefined)
    return `one of ${spec.choices.join(', ')}${typeof value === 'string' ? suggest(value, spec.choices) : ''}`;
  const from = spec.min === undefined ? '' : ` from ${spec.min}`;
  const isUnquoted = typeof value === 'number' && spec.type === 'string';
  const words = {
    boolean: 'true or false',
    integer: `a whole number${from}`,
    number: `a number${from}`,
    size: 'a size like 1MiB, more than zero',
    list: 'a list of text',
    duration: `a duration like 10s, 5m or 24h${(spec.min ?? 0) > 1 ? `, at least ${spec.min!}ms` : ''}`,
    path: 'a path',
    string: isUnquoted ? 'text: quote it, because YAML takes it for a number' : 'text',
  };
  return words[spec.type];
}

function unknownKey(pointer: string, known: readonly string[]): Flaw {
  return { pointer, message: 'is unknown', isOfKey: true, known };
}

function isOfTop({ pointer }: Flaw): boolean {
  return pointer.indexOf('/', 1) === -1;
}

function toPointer(...words: readonly string[]): string {
  return words.map((word) => `/${escapePointer(word)}`).join('');
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

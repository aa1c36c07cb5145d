// sophia.yaml: strict YAML 1.2, data only. One section per command, keys in snake_case; anything unknown is an error at line:column.
import path from 'node:path';
import type { LineCounter, Node, Pair } from 'yaml';
import type * as Yaml from 'yaml';
import { toSection, toSnake, type Command, type OptionSpec } from '../command.ts';
import type { Context } from '../context.ts';
import { SophiaError, systemCodeOf } from '../errors.ts';
import type { JsonObject } from '../outcome.ts';
import type { Registry, Sections } from '../registry.ts';
import { configOf, type Config, type Section } from '../section.ts';
import type { Flaw, Shape } from '../shape.ts';
import { suggest } from '../suggest.ts';
import type { RawOptions } from './options.ts';

const DEFAULT_NAME = 'sophia.yaml';
/** A configuration is written by hand; a larger file is none, and would only cost memory. */
const MAX_BYTES = 256 << 10;
/** A file that is broken throughout has one problem, not thousands. */
const MAX_TOLD = 20;

export interface ConfigRequest {
  /** From --config or SOPHIA_CONFIG; it must exist. Without it sophia.yaml is read where there is one. */
  readonly path: string | undefined;
  readonly command: Command;
  readonly registry: Registry;
  readonly sections: Sections;
}

export interface Configuration {
  /** What the file gives the command, by option name. */
  readonly options: RawOptions;
  readonly config: Config;
  /** The file itself, for the proof; null where there is none. */
  readonly file: ConfigFile | null;
}

export interface ConfigFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Throws CONFIG_INVALID with every problem of the file. */
export async function readConfig(context: Pick<Context, 'directory' | 'files'>, request: ConfigRequest): Promise<Configuration> {
  const name = request.path ?? DEFAULT_NAME;
  const file = path.resolve(context.directory, name);
  if (!context.files.exists(file)) {
    if (request.path !== undefined) throw new SophiaError('CONFIG_NOT_FOUND', { path: name });
    return { options: {}, config: configOf(new Map()), file: null };
  }
  const bytes = readRegular(context, name, file);
  const { commands, sections } = await parseConfig(name, Buffer.from(bytes).toString('utf8'), request);
  return { options: commands.get(request.command.name) ?? {}, config: configOf(sections), file: { name, bytes } };
}

/** A symlink is followed; a FIFO or a device would be read for ever. */
function readRegular({ files }: Pick<Context, 'files'>, name: string, file: string): Uint8Array {
  try {
    const real = files.realPath(file);
    const found = files.stat(real);
    if (found?.kind !== 'file') throw new SophiaError('CONFIG_UNREADABLE', { path: name, reason: 'it is not a regular file' });
    if (found.sizeBytes > MAX_BYTES)
      throw new SophiaError('CONFIG_UNREADABLE', { path: name, reason: `it has ${found.sizeBytes} bytes, more than ${MAX_BYTES}` });
    return files.read(real);
  } catch (error) {
    if (error instanceof SophiaError) throw error;
    throw new SophiaError('CONFIG_UNREADABLE', { path: name, reason: systemCodeOf(error) ?? String(error) }, { cause: error });
  }
}

interface Contents {
  /** By the command's name. */
  readonly commands: Map<string, RawOptions>;
  /** By the section's name. */
  readonly sections: Map<string, unknown>;
}

type Pairs = readonly Pair<Node, Node | null>[];

async function parseConfig(name: string, text: string, { registry, sections: known }: ConfigRequest): Promise<Contents> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, version: '1.2', strict: true, uniqueKeys: true });
  const problems = new Problems(name, lines);
  for (const error of [...document.errors, ...document.warnings]) problems.add(error.pos[0], error.message.split(' at line ')[0]!);
  const contents: Contents = { commands: new Map(), sections: new Map() };
  const commands = await Promise.all(registry.map((entry) => entry.load()));
  const sections = await Promise.all(known.map((entry) => entry.load()));
  const names = [...new Set([...commands.map((each) => toSection(each.name)), ...sections.map((each) => each.name)])];
  const root = document.contents;
  if (root !== null && !yaml.isMap(root)) problems.addAt(root, 'the file must be a mapping of sections');
  for (const pair of yaml.isMap(root) ? (root.items as Pair<Node, Node | null>[]) : []) {
    const key = String(pair.key);
    const command = commands.find((each) => toSection(each.name) === key) ?? null;
    const section = sections.find((each) => each.name === key) ?? null;
    if (command === null && section === null) {
      problems.addAt(pair.key, `unknown section "${key}"${suggest(key, names)}`);
    } else if (yaml.isMap(pair.value)) {
      const part = { name: key, command, section, pairs: pair.value.items as Pair<Node, Node | null>[] };
      readPart(yaml, part, { contents, problems });
    } else if (pair.value !== null && !(yaml.isScalar(pair.value) && pair.value.value === null)) {
      problems.addAt(pair.value, `"${key}" must be a mapping of options`);
    }
  }
  problems.throwIfAny();
  return contents;
}

/** One key at the top of the file: a command's options, a room's section, or both under one name. */
interface Part {
  readonly name: string;
  readonly command: Command | null;
  readonly section: Section | null;
  readonly pairs: Pairs;
}

interface Sink {
  readonly contents: Contents;
  readonly problems: Problems;
}

function readPart(yaml: typeof Yaml, { name, command, section, pairs }: Part, { contents, problems }: Sink): void {
  const options = optionsOf(command);
  const fields = section?.fields ?? {};
  const values: Record<string, string | boolean | readonly string[]> = {};
  const facts = new Map<string, unknown>();
  for (const pair of pairs) {
    const key = String(pair.key);
    const option = options.get(key);
    if (option !== undefined) readOption(yaml, { option, pair, values, problems });
    else if (Object.hasOwn(fields, key)) readField(yaml, { shape: fields[key]!, pair, facts, problems });
    else problems.addAt(pair.key, `unknown key "${key}" in ${name}${suggest(key, [...options.keys(), ...Object.keys(fields)])}`);
  }
  if (command !== null) contents.commands.set(command.name, values);
  if (section !== null) contents.sections.set(section.name, Object.fromEntries(facts));
}

interface NamedOption {
  readonly name: string;
  readonly spec: OptionSpec;
}

/** By their keys in the file. */
function optionsOf(command: Command | null): ReadonlyMap<string, NamedOption> {
  const named = Object.entries(command?.options ?? {}).filter(([, spec]) => !spec.positional);
  return new Map(named.map(([name, spec]) => [toSnake(name), { name, spec }]));
}

interface OptionPair {
  readonly option: NamedOption;
  readonly pair: Pair<Node, Node | null>;
  readonly values: Record<string, string | boolean | readonly string[]>;
  readonly problems: Problems;
}

function readOption(yaml: typeof Yaml, { option, pair: { key, value }, values, problems }: OptionPair): void {
  if (yaml.isAlias(value)) return problems.addAt(value, `"${String(key)}" is an alias; write its value out`);
  const plain: unknown = value?.toJSON();
  if (isRightType(option.spec, plain))
    values[option.name] = typeof plain === 'boolean' ? plain : Array.isArray(plain) ? plain.map(String) : String(plain);
  else problems.addAt(value ?? key, `"${String(key)}" must be ${describeType(option.spec)}`);
}

interface FieldPair {
  readonly shape: Shape<unknown>;
  readonly pair: Pair<Node, Node | null>;
  readonly facts: Map<string, unknown>;
  readonly problems: Problems;
}

/** Each flaw at the line of the value it is about. */
function readField(yaml: typeof Yaml, { shape, pair: { key, value }, facts, problems }: FieldPair): void {
  const name = String(key);
  let alias: Node | null = null;
  if (value !== null) yaml.visit(value, { Alias: (_, node) => ((alias = node), yaml.visit.BREAK) });
  if (alias !== null) return problems.addAt(alias, `"${name}" has an alias; write its value out`);
  const plain: unknown = value?.toJSON() ?? null;
  const flaws: Flaw[] = [];
  if (shape.check(plain, '', flaws)) facts.set(name, plain);
  for (const { pointer, message } of flaws) {
    const { node, words } = locate(yaml, value ?? key, pointer);
    problems.addAt(node, `"${[name, ...words].join('.')}" ${message}`);
  }
}

/** The node that a JSON pointer leads to, or the last one on the way that is there. */
function locate(yaml: typeof Yaml, start: Node, pointer: string): { readonly node: Node; readonly words: readonly string[] } {
  const words = pointer
    .split('/')
    .slice(1)
    .map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'));
  let node = start;
  for (const word of words) {
    const child: unknown = yaml.isMap(node)
      ? node.items.find((pair) => String(pair.key) === word)
      : yaml.isSeq(node)
        ? node.items[Number(word)]
        : undefined;
    const next: unknown = yaml.isPair(child) ? (yaml.isNode(child.value) ? child.value : child.key) : child;
    if (!yaml.isNode(next)) break;
    node = next;
  }
  return { node, words };
}

function isRightType(spec: OptionSpec, value: unknown): boolean {
  switch (spec.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'size':
      return typeof value === 'string' || Number.isSafeInteger(value);
    case 'list':
      return typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
    default:
      return typeof value === 'string' && (spec.choices?.includes(value) ?? true);
  }
}

function describeType(spec: OptionSpec): string {
  if (spec.choices !== undefined) return `one of ${spec.choices.join(', ')}`;
  const words = {
    boolean: 'true or false',
    integer: 'a whole number',
    number: 'a number',
    size: 'a size like 1MiB',
    list: 'a list of text',
    duration: 'a duration like 10s',
    path: 'a path',
    string: 'text',
  };
  return words[spec.type];
}

class Problems {
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #found: (JsonObject & { message: string; problem: string; location: { file: string; line: number; column: number } })[] = [];

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  addAt(node: Node, problem: string): void {
    this.add(node.range?.[0] ?? 0, problem);
  }

  add(offset: number, problem: string): void {
    const { line, col } = this.#lines.linePos(offset);
    const location = { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
    this.#found.push({
      code: 'CONFIG_INVALID',
      message: `${location.file}:${location.line}:${location.column}: ${problem}`,
      location,
      problem,
    });
  }

  throwIfAny(): void {
    const first = this.#found[0];
    if (first === undefined) return;
    const { location } = first;
    const rest = this.#found.length === 1 ? '' : ` (and ${this.#found.length - 1} more)`;
    throw new SophiaError(
      'CONFIG_INVALID',
      { ...location, problem: `${first.problem}${rest}` },
      { errors: this.#found.slice(0, MAX_TOLD) },
    );
  }
}

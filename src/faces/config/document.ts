// A YAML file as plain data that remembers where each thing stands. Nothing here throws for what is in the file.
import type { Alias, Node, Pair, Scalar, YAMLMap } from 'yaml';
import type * as Yaml from 'yaml';
import type { Problems } from './problems.ts';

const MAX_DEPTH = 64;
/** Aliases may stand for so many values together; a bomb of nine lines stands for billions. */
const MAX_ALIASED = 10_000;

/** The parser's own answer, with the lines still to be counted. */
export type Parsed = Yaml.Document.Parsed | Yaml.Document;

interface Told {
  readonly offset: number;
  readonly problem: string;
}

/** What the parser says. Once it has lost its way all that follows is unexpected, and none of that is worth reading. */
export function syntaxProblemsOf({ errors, warnings, directives }: Parsed, text: string): readonly Told[] {
  const all = [...errors, ...warnings];
  const lost = all.findIndex(({ message }) => LOST.test(message));
  const told = lost === -1 ? all : all.filter(({ message }, index) => index <= lost || !LOST.test(message));
  // The parser obeys it: "yes" would be true, and 010 eight.
  const isOther = directives !== undefined && directives.yaml.version !== '1.2';
  return [
    ...(isOther ? [{ offset: text.search(/^%YAML/m), problem: 'the file is read as YAML 1.2: leave this line out' }] : []),
    ...told.map(({ pos, code, message }) => ({ offset: pos[0], problem: WORDS[code] ?? (BESIDE.test(message) ? QUOTE : message) })),
  ];
}

const LOST = /^Unexpected .* (?:at node end|in YAML stream)|must be sufficiently indented and end with/;
const BESIDE = /^Unexpected .* at node end$/;
const QUOTE = 'this does not belong to the value before it: put the whole value in quotes if it should';
/** Instead of words for whoever calls the parser. */
const WORDS: Readonly<Partial<Record<Yaml.ErrorCode, string>>> = {
  MULTIPLE_DOCS: 'a second document begins here: the file is one',
};

export class ConfigDocument {
  readonly #yaml: typeof Yaml;
  readonly #problems: Problems;
  readonly #root: Node | null;
  readonly #anchors = new Map<string, Node>();
  readonly #targets = new Map<Alias, Node>();
  readonly #entries = new Map<Node, ReadonlyMap<string, Pair<Node, Node | null>>>();
  /** Maps and lists that are being read: one that comes again contains itself. */
  readonly #open = new Set<Node>();
  #aliased = 0;
  #outermost: Alias | null = null;
  /** JSON, but for numbers that JSON does not have. */
  readonly value: unknown;

  constructor(yaml: typeof Yaml, parsed: Parsed, problems: Problems) {
    this.#yaml = yaml;
    this.#problems = problems;
    this.#root = parsed.contents;
    this.value = this.#read(this.#root, 0);
  }

  /** Where the entry begins that the JSON pointer leads to: its key or, in a list, the item; or that of the last one on the way there. */
  entryAt(pointer: string): number {
    return offsetOf(this.#find(pointer).entry ?? this.#root);
  }

  /** Where the value begins that the JSON pointer leads to; its entry where there is none, or where it begins only on the next line. */
  valueAt(pointer: string): number {
    const { entry, value, isThere } = this.#find(pointer);
    const isBeside = isThere && value !== null && !isEmpty(value) && !this.#isBlock(value);
    return offsetOf(isBeside ? value : (entry ?? this.#root));
  }

  /** `services.api.checks[0].url`, as a person would say what the JSON pointer leads to. */
  pathOf(pointer: string): string {
    let path = '';
    let value: unknown = this.value;
    for (const word of wordsOf(pointer)) {
      path += Array.isArray(value) ? `[${word}]` : /^[\w-]+$/.test(word) ? `${path === '' ? '' : '.'}${word}` : `[${JSON.stringify(word)}]`;
      value = isRecord(value) && Object.hasOwn(value, word) ? value[word] : Array.isArray(value) ? (value[Number(word)] as unknown) : null;
    }
    return path;
  }

  #find(pointer: string): { readonly entry: Node | null; readonly value: Node | null; readonly isThere: boolean } {
    let entry: Node | null = null;
    let value = this.#root;
    for (const word of wordsOf(pointer)) {
      const inner: Node | null = this.#yaml.isAlias(value) ? (this.#targets.get(value) ?? null) : value;
      const child: unknown = this.#yaml.isMap<Node, Node | null>(inner)
        ? this.#entriesOf(inner).get(word)
        : this.#yaml.isSeq(inner)
          ? inner.items[Number(word)]
          : undefined;
      if (this.#yaml.isPair<Node, Node | null>(child)) [entry, value] = [child.key, child.value];
      else if (this.#yaml.isNode(child)) entry = value = child;
      else return { entry, value, isThere: false };
    }
    return { entry, value, isThere: true };
  }

  #isBlock(node: Node): boolean {
    return this.#yaml.isCollection(node) && node.flow !== true;
  }

  /** By name, the first of each; made when it is first asked for, because a file can have thousands of problems. */
  #entriesOf(map: YAMLMap<Node, Node | null>): ReadonlyMap<string, Pair<Node, Node | null>> {
    const known = this.#entries.get(map);
    if (known !== undefined) return known;
    const named = map.items.flatMap((pair) => {
      const name = this.#nameOf(pair.key);
      return name === null ? [] : [[name, pair] as const];
    });
    const entries = new Map(named.toReversed());
    this.#entries.set(map, entries);
    return entries;
  }

  #read(node: Node | null, depth: number): unknown {
    if (this.#outermost !== null && (this.#aliased += 1) > MAX_ALIASED) return null;
    if (node === null) return null;
    if (depth > MAX_DEPTH) return this.#refuse(node, `is nested more than ${MAX_DEPTH} deep`);
    if (this.#yaml.isAlias(node)) return this.#readAlias(node, depth);
    if (this.#outermost === null && 'anchor' in node && typeof node.anchor === 'string') this.#anchors.set(node.anchor, node);
    if (this.#yaml.isScalar(node)) return node.value;
    this.#open.add(node);
    const value = this.#yaml.isMap<Node, Node | null>(node)
      ? this.#readMap(node, depth)
      : this.#yaml.isSeq<Node>(node)
        ? node.items.map((item) => this.#read(item, depth + 1))
        : null;
    this.#open.delete(node);
    return value;
  }

  #readMap({ items }: YAMLMap<Node, Node | null>, depth: number): unknown {
    const entries = new Map<string, unknown>();
    for (const pair of items) {
      const name = this.#readKey(pair, entries);
      if (name !== null) entries.set(name, this.#read(pair.value, depth + 1));
    }
    return Object.fromEntries(entries);
  }

  #readKey({ key }: Pair<Node, Node | null>, before: ReadonlyMap<string, unknown>): string | null {
    const name = this.#nameOf(key);
    if (name === null) this.#refuse(key, 'a key must be text');
    else if (name === '<<' && (key as Scalar).type === 'PLAIN')
      this.#refuse(key, '"<<" is a merge key, which is not part of YAML 1.2: write the keys out');
    else if (before.has(name)) this.#refuse(key, `the key ${JSON.stringify(name)} is there twice`);
    else return name;
    return null;
  }

  /** Null for what cannot be a key of JSON. */
  #nameOf(key: Node | null): string | null {
    if (!this.#yaml.isScalar(key) || key.value === null) return null;
    return typeof key.value === 'string' ? key.value : (key.source ?? null);
  }

  #readAlias(alias: Alias, depth: number): unknown {
    const target = this.#targets.get(alias) ?? this.#anchors.get(alias.source);
    if (target === undefined) return this.#refuse(alias, `there is no anchor "${alias.source}" before this`);
    if (this.#open.has(target)) return this.#refuse(alias, `"*${alias.source}" is a part of what it stands for`);
    this.#targets.set(alias, target);
    const isOutermost = this.#outermost === null;
    this.#outermost ??= alias;
    const wasWithin = this.#aliased <= MAX_ALIASED;
    const value = this.#read(target, depth + 1);
    if (!isOutermost) return value;
    this.#outermost = null;
    return wasWithin && this.#aliased > MAX_ALIASED
      ? this.#refuse(alias, `with "*${alias.source}" aliases stand for more than ${MAX_ALIASED} values; write them out`)
      : value;
  }

  #refuse(node: Node | null, problem: string): null {
    this.#problems.addSyntax(offsetOf(node), problem);
    return null;
  }
}

function wordsOf(pointer: string): readonly string[] {
  const words = pointer.split('/').slice(1);
  return words.map((word) => word.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** `key:` and nothing behind it stands where the next line begins, or nowhere. */
function isEmpty({ range }: Node): boolean {
  return range === null || range === undefined || range[0] === range[1];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

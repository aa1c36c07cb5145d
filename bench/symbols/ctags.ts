// The truth where no parser is at hand: universal-ctags, which has mistakes of its own.
//
// It names more kinds than the scanners do (members, locals, prototypes), and some scanners name what it does not. So two
// questions are asked. Recall: of the tags of the kinds listed below, how many did the scanner find? Precision: of what
// the scanner found, how much does ctags know under any kind? A tag stands at its name, a symbol where its definition
// begins: they are the same when the names are and the tag is on the symbol's line or at most five below.
import { spawnSync } from 'node:child_process';
import type { CodeSymbol, SymbolKind } from '../../src/index/languages/language.ts';
import type { Tally } from './score.ts';

interface Dialect {
  readonly ctags: string;
  /** Letters of `ctags --list-kinds`. */
  readonly kinds: string;
  /** Kinds of the scanner that this ctags has no word for: not held against its precision. */
  readonly unnamed?: readonly SymbolKind[];
}

/** By the scanner's name. Rust's `impl` blocks, Ruby's accessors, Java's and C#'s fields are left out: no definitions here. */
export const DIALECTS: Readonly<Record<string, Dialect>> = {
  // A header may be C++, and says so nowhere.
  c: { ctags: 'C++', kinds: 'cdefgnstuv' },
  cpp: { ctags: 'C++', kinds: 'cdefgnstuv' },
  csharp: { ctags: 'C#', kinds: 'cegimns' },
  go: { ctags: 'Go', kinds: 'acfinstv' },
  java: { ctags: 'Java', kinds: 'acegim' },
  kotlin: { ctags: 'Kotlin', kinds: 'ciomT' },
  php: { ctags: 'PHP', kinds: 'cdfint' },
  ruby: { ctags: 'Ruby', kinds: 'CScfm' },
  rust: { ctags: 'Rust', kinds: 'MPfginstv', unnamed: ['constant'] },
  shell: { ctags: 'Sh', kinds: 'f', unnamed: ['constant'] },
};

const LINES_BELOW = 5;

interface Tag {
  readonly name: string;
  readonly line: number;
  readonly kind: string;
  readonly path: string;
}

export function isCtagsThere(): boolean {
  return spawnSync('ctags', ['--version'], { encoding: 'utf8' }).stdout?.includes('Universal Ctags') ?? false;
}

/** By path; a file without an entry has no tags. */
export function tagsOf(paths: readonly string[], { ctags }: Dialect): Map<string, Tag[]> {
  const parameters = [
    '--options=NONE',
    '--sort=no',
    '--excmd=number',
    '--fields=k',
    `--language-force=${ctags}`,
    `--kinds-${ctags}=*`,
    '-f',
    '-',
    '-L',
    '-',
  ];
  const { status, stdout, stderr } = spawnSync('ctags', parameters, { input: paths.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`ctags --language-force=${ctags}: ${stderr}`);
  const tags = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(toTag);
  return Map.groupBy(
    tags.filter((tag) => !tag.name.startsWith('__anon')),
    (tag) => tag.path,
  );
}

/** `name<TAB>path<TAB>12;"<TAB>f` */
function toTag(line: string): Tag {
  const [name, path, number, kind] = line.split('\t') as [string, string, string, string];
  return { name: withoutSpaces(name), path, line: Number.parseInt(number, 10), kind };
}

export function tallyAgainstTags(symbols: readonly CodeSymbol[], tags: readonly Tag[], { kinds, unnamed = [] }: Dialect): Tally {
  const byName = Map.groupBy(tags, (tag) => tag.name);
  const met = new Set<Tag>();
  let found = 0;
  let right = 0;
  for (const { name, kind, line } of symbols) {
    const near = byName.get(withoutSpaces(name))?.filter((tag) => tag.line >= line && tag.line <= line + LINES_BELOW) ?? [];
    const twin = near.find((tag) => !met.has(tag) && kinds.includes(tag.kind)) ?? near[0];
    if (twin !== undefined) met.add(twin);
    if (unnamed.includes(kind)) continue;
    found += 1;
    if (twin !== undefined) right += 1;
  }
  // ctags may name one place twice, as in `typedef struct a {…} a;` or for a parameter called like its function.
  const places = new Set([...met].map(placeOf));
  const wanted = new Set(tags.filter((tag) => kinds.includes(tag.kind)).map(placeOf));
  return { found, right, wanted: wanted.size, met: [...wanted].filter((place) => places.has(place)).length };
}

function placeOf({ name, line }: Tag): string {
  return `${name} ${line}`;
}

/** Of `operator ==`. */
function withoutSpaces(name: string): string {
  return name.replaceAll(' ', '');
}

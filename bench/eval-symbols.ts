// npm run eval:symbols [-- DIRECTORY…] [--language NAME…] [--files N] [--mistakes N]
//
// Precision and recall of the scanners in src/index/languages, as a table in Markdown: how many symbols and files, and a 95%
// bootstrap interval over files. What counts as a symbol stands in bench/symbols/<truth>.ts, the same for both sides.
// The truth is TypeScript's own parser, Python's `ast`, and universal-ctags for the rest; what cannot be asked is skipped, and
// said so. Exits with 1 when TypeScript or Python are below 0.99, or when nothing was measured at all.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CodeSymbol, Language } from '../src/index/languages/language.ts';
import { defaultRoots, filesByLanguage, sample } from './symbols/corpora.ts';
import { DIALECTS, isCtagsThere, tagsOf, tallyAgainstTags } from './symbols/ctags.ts';
import { definitionsOfPython } from './symbols/python.ts';
import { type Interval, type Score, type Tally, score, tallyExactly } from './symbols/score.ts';
import { type Definition, definitionsOfTypeScript } from './symbols/typescript.ts';

const LANGUAGES_FOLDER = join(import.meta.dirname, '../src/index/languages');
const FEWEST_FILES = 10;
const REQUIRED = new Map([
  ['typescript', 0.99],
  ['python', 0.99],
]);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    language: { type: 'string', multiple: true },
    files: { type: 'string', default: '2000' },
    mistakes: { type: 'string', default: '0' },
  },
});

let mistakesLeft = Number(values.mistakes);

await main();

async function main(): Promise<void> {
  const languages = await loadLanguages();
  const files = filesByLanguage(positionals.length > 0 ? positionals : defaultRoots(), languages);
  const scores = new Map<string, Score>();
  const rows = languages.flatMap((language) => {
    const measured = measure(language, sample(files.get(language.name)!, Number(values.files)));
    if (measured === null) return [];
    scores.set(language.name, measured.score);
    return [rowOf(language.name, measured.truth, measured.score)];
  });
  print(
    ['| language | truth | files | symbols | precision | recall | last line and exported |', '|---|---|--:|--:|---|---|--:|', ...rows].join(
      '\n',
    ),
  );
  const isBelow = [...REQUIRED].some(([name, least]) => isBelowLeast(scores.get(name), least));
  if (isBelow || scores.size === 0) process.exitCode = 1;
}

async function loadLanguages(): Promise<Language[]> {
  const names = readdirSync(LANGUAGES_FOLDER)
    .filter((name) => name.endsWith('.ts') && !name.includes('.generated.'))
    .sort();
  const modules = await Promise.all(names.map((name) => import(join(LANGUAGES_FOLDER, name)) as Promise<{ default?: Partial<Language> }>));
  const languages = modules.flatMap((module) => (typeof module.default?.scan === 'function' ? [module.default as Language] : []));
  return languages.filter(({ name }) => values.language === undefined || values.language.includes(name));
}

interface Measured {
  readonly truth: string;
  readonly score: Score;
}

function measure(language: Language, paths: readonly string[]): Measured | null {
  const dialect = DIALECTS[language.name];
  if (paths.length < FEWEST_FILES) return skip(language, `${paths.length} files found, too few to measure; name a directory that has more`);
  if (language.name === 'typescript' || language.name === 'javascript') return measureTypeScript(language, paths);
  if (language.name === 'python') return measurePython(language, paths);
  if (dialect === undefined) return skip(language, 'nothing here knows its definitions');
  if (!isCtagsThere()) return skip(language, 'no universal-ctags');
  const tags = tagsOf(paths, dialect);
  if (tags.size === 0) return skip(language, 'ctags named nothing in the files found');
  const tallies = paths.map((path) => {
    const { symbols } = language.scan(readFileSync(path));
    const known = tags.get(path) ?? [];
    showMistakes(
      path,
      symbols.filter(({ kind, name }) => !dialect.unnamed?.includes(kind) && !known.some((tag) => tag.name === name.replaceAll(' ', ''))),
      'found',
    );
    showMistakes(
      path,
      known.filter((tag) => dialect.kinds.includes(tag.kind) && !symbols.some(({ name }) => name.replaceAll(' ', '') === tag.name)),
      'missed',
    );
    return tallyAgainstTags(symbols, known, dialect);
  });
  return { truth: `ctags, kinds ${dialect.kinds}`, score: score(tallies) };
}

function measureTypeScript(language: Language, paths: readonly string[]): Measured | null {
  return {
    truth: 'typescript 5.9',
    score: scoreExactly(language, paths, (path) => definitionsOfTypeScript(path, readFileSync(path, 'utf8'))),
  };
}

function measurePython(language: Language, paths: readonly string[]): Measured | null {
  const truths = definitionsOfPython(paths);
  if (truths === null) return skip(language, 'no python3');
  return { truth: 'python3 ast', score: scoreExactly(language, paths, (_, index) => truths[index]!) };
}

/** Files in which the truth finds syntax errors are left out, and counted. */
function scoreExactly(language: Language, paths: readonly string[], truthOf: (path: string, index: number) => Definition[] | null): Score {
  const tallies = paths.flatMap((path, index): Tally[] => {
    const truth = truthOf(path, index);
    if (truth === null) return [];
    const { symbols } = language.scan(readFileSync(path));
    const [known, seen] = [new Set(truth.map(placeOf)), new Set(symbols.map(placeOf))];
    showMistakes(
      path,
      symbols.filter((symbol) => !known.has(placeOf(symbol))),
      'found',
    );
    showMistakes(
      path,
      truth.filter((symbol) => !seen.has(placeOf(symbol))),
      'missed',
    );
    return [tallyExactly(symbols, truth)];
  });
  if (tallies.length < paths.length) complain(`${language.name}: ${paths.length - tallies.length} files left out, their syntax is wrong`);
  return score(tallies);
}

function placeOf({ name, kind, container, line }: Omit<CodeSymbol, 'signature'>): string {
  return `${line} ${kind} ${container} ${name}`;
}

/** For whoever improves a scanner: the first mistakes, on stderr. */
function showMistakes(path: string, mistakes: readonly { name: string; line: number }[], what: 'found' | 'missed'): void {
  for (const { name, line } of mistakes.slice(0, Math.max(0, mistakesLeft))) {
    mistakesLeft -= 1;
    complain(`${what === 'found' ? 'found, but not there' : 'there, but not found'}: ${path}:${line} ${name}`);
  }
}

function skip({ name }: Language, reason: string): null {
  complain(`SKIPPED ${name}: ${reason}`);
  return null;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function complain(text: string): void {
  process.stderr.write(`${text}\n`);
}

function rowOf(name: string, truth: string, { files, wanted, precision, recall, details }: Score): string {
  const detail = details === null ? '–' : details.toFixed(4);
  return `| ${name} | ${truth} | ${files} | ${wanted} | ${toText(precision)} | ${toText(recall)} | ${detail} |`;
}

function toText({ value, low, high }: Interval): string {
  return `${value.toFixed(4)} (${low.toFixed(4)}–${high.toFixed(4)})`;
}

/** A language that had to be skipped says so, and is not below. */
function isBelowLeast(measured: Score | undefined, least: number): boolean {
  return measured !== undefined && (measured.precision.value < least || measured.recall.value < least);
}

// The house rules that a program can check. Each says why, and how to mend what it found.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { suite, test } from 'node:test';
import ts from 'typescript-5';
import { FINDING_CODES } from '../src/codes.ts';
import { toSlug } from '../src/command.ts';
import { registry } from '../src/commands/registry.generated.ts';
import { ERROR_CODES } from '../src/errors.ts';
import { listFiles, ROOT } from './architecture/source-tree.ts';

interface Gate {
  readonly name: string;
  readonly why: string;
  readonly mend: string;
  /** How much was looked at, and what was wrong with it. */
  readonly find: () => { readonly seen: number; readonly wrong: readonly string[] };
}

const FILES = listFiles();
const CODE = FILES.filter((file) => /^(src|test|bench)\/.*\.ts$/.test(file) && !isFixture(file));
const TESTS = CODE.filter((file) => file.endsWith('.test.ts'));

const DEPTH = 3;
const ENTRIES = 16;
/** Rooms whose entries are units of one shape: each new language, command or rule is one more, and that is the plan. */
const UNITS = new Set([
  'src/commands',
  'src/index/languages',
  'src/checks/kinds',
  'src/proof/audit-rules',
  'test/commands',
  'test/index/languages',
  'bench/symbols',
]);
/** Fuller than they should be. A number here may go down, never up; without it the room has grown back to size. */
const RATCHET: { readonly [room: string]: number } = { 'src/index/scanning': 18 };

const PAGES: { readonly [page: string]: number } = { 'README.md': 200, 'docs/architecture.md': 150 };

const GATES: readonly Gate[] = [
  {
    name: 'rooms are at most three folders deep',
    why: 'what lies deeper is not found',
    mend: 'move the file up, or make a room of its own',
    find: () => judgeEach(roomsOf(CODE), (room) => room.split('/').length <= DEPTH),
  },
  {
    name: 'a room holds about fifteen entries',
    why: 'more than one screen of names is not a room, it is a heap',
    mend: 'find the part that is a thing of its own and give it a folder; lower or remove the ratchet where a room got smaller',
    find: () =>
      judgeEach(
        roomsOf(CODE).filter((room) => !UNITS.has(room)),
        hasRoomLeft,
      ),
  },
  {
    name: 'no room is named after nothing',
    why: 'utils, helpers, common, shared and lib say where code was left, not what it is',
    mend: 'name the file after the thing it knows',
    find: () => judgeEach(CODE, (file) => !/(^|[/.-])(utils?|helpers?|common|shared|lib|misc|manager)([/.-]|$)/.test(file)),
  },
  {
    name: 'file names are kebab-case nouns',
    why: 'one way to write a name is one guess to find it',
    mend: 'rename the file',
    find: () => judgeEach(CODE, (file) => /^[a-z0-9]+(-[a-z0-9]+)*(\.(test|generated))?\.ts$/.test(path.basename(file))),
  },
  {
    name: 'no file only passes on what others export',
    why: 'a barrel hides where a thing lives and loads all to give one',
    mend: 'import from the file that has it',
    find: () => judgeEach(CODE, (file) => !isBarrel(parse(file))),
  },
  {
    name: 'nothing is `any`',
    why: 'an `any` switches the compiler off for whatever it touches',
    mend: 'write the type, or `unknown` and look before use',
    find: () => judgeEach(CODE, (file) => !hasNode(parse(file), (node) => node.kind === ts.SyntaxKind.AnyKeyword)),
  },
  {
    name: 'the compiler is not silenced',
    why: 'an ignored error is still there at run time',
    mend: 'mend the type',
    find: () => judgeEach(CODE, (file) => !/@ts-(ignore|expect-error|nocheck)\b/.test(commentsOf(parse(file)))),
  },
  {
    name: 'no test is left out in silence',
    why: 'a skipped or lonely test lets everything else pass',
    mend: "remove it, or say why in words: skip: 'needs a root user'",
    find: () => judgeEach(TESTS, (file) => !hasNode(parse(file), isSilentSkip)),
  },
  {
    name: 'no machine and no registry is named',
    why: 'a path of one machine or a host of one network is wrong on every other',
    mend: 'make the path relative, and leave hosts to the configuration of npm',
    find: () =>
      judgeEach(
        FILES.filter((file) => !isFixture(file) && !file.startsWith('proofs/')),
        (file) => namesOfMachines(readText(file)).length === 0,
      ),
  },
  {
    name: 'every command has a golden of its help',
    why: 'what a user reads must not change unseen',
    mend: 'add test/golden/help/<command>.txt',
    find: () =>
      judgeEach(
        registry.map(({ name }) => toSlug(name)),
        (slug) => FILES.some((file) => file.startsWith('test/golden/') && path.basename(file).split('.')[0] === slug),
      ),
  },
  {
    name: 'docs/errors.md has every code of an error or a finding, and no other',
    why: 'a code that cannot be looked up is only noise',
    mend: 'run npm run generate',
    find: () => {
      const documented = [...readText('docs/errors.md').matchAll(/^## `?([A-Z][A-Z0-9_]+)`?$/gm)].map((match) => match[1]!);
      const known: readonly string[] = [...ERROR_CODES, ...FINDING_CODES];
      return {
        seen: known.length,
        wrong: [...known.filter((code) => !documented.includes(code)), ...documented.filter((code) => !known.includes(code))],
      };
    },
  },
  {
    name: 'README.md and docs/architecture.md stay short',
    why: 'a page that is too long is not read',
    mend: 'move the detail to the page or the comment where it belongs',
    find: () => judgeEach(Object.keys(PAGES), (page) => FILES.includes(page) && readText(page).split('\n').length - 1 <= PAGES[page]!),
  },
  {
    name: 'generated files are fresh',
    why: 'what was generated from something else says something else',
    mend: 'run npm run generate',
    find: () => {
      const ended = spawnSync(process.execPath, ['src/generate/main.ts', '--check'], { cwd: ROOT, encoding: 'utf8' });
      return { seen: 1, wrong: ended.status === 0 ? [] : `${ended.stdout}${ended.stderr}`.trim().split('\n') };
    },
  },
  {
    name: 'what is built is not tracked',
    why: 'a committed bundle is stale with the next commit',
    mend: 'git rm --cached it',
    find: () => judgeEach(FILES, (file) => !/^(dist|node_modules|\.sophia)\//.test(file)),
  },
  {
    name: 'no file is kept that git would rewrite',
    why: 'line ends that depend on the machine change digests',
    mend: 'write it with \\n',
    find: () => judgeEach([...CODE, 'README.md', 'package.json'], (file) => !readText(file).includes('\r\n')),
  },
];

suite('tidy', () => {
  for (const gate of GATES) {
    test(gate.name, () => {
      const { seen, wrong } = gate.find();
      assert.ok(seen > 0, `${gate.name}: nothing was looked at, so nothing is known`);
      assert.equal(wrong.length, 0, `${gate.name}: ${gate.why}.\nMend: ${gate.mend}.\n${wrong.map((each) => `  ${each}`).join('\n')}`);
    });
  }

  test('the tree is a git checkout, so that what is ignored is not judged', () => {
    assert.match(execFileSync('git', ['rev-parse', '--is-inside-work-tree'], { cwd: ROOT, encoding: 'utf8' }), /true/);
  });
});

function judgeEach(items: readonly string[], isRight: (item: string) => boolean): ReturnType<Gate['find']> {
  return { seen: items.length, wrong: items.filter((item) => !isRight(item)) };
}

function isFixture(file: string): boolean {
  return /(^|\/)(fixtures|golden)\//.test(file);
}

function roomsOf(files: readonly string[]): string[] {
  return [...new Set(files.map((file) => path.posix.dirname(file)))];
}

/** Files and folders are counted apart: a house has rooms, and a room has things. */
function hasRoomLeft(room: string): boolean {
  const below = FILES.filter((file) => file.startsWith(`${room}/`)).map((file) => file.slice(room.length + 1).split('/'));
  const files = below.filter(({ length }) => length === 1).length;
  const folders = new Set(below.filter(({ length }) => length > 1).map(([name]) => name)).size;
  const entries = Math.max(files, folders);
  const ratchet = RATCHET[room];
  return ratchet === undefined ? entries <= ENTRIES : entries <= ratchet && entries > ENTRIES;
}

function readText(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}

const parsed = new Map<string, ts.SourceFile>();

function parse(file: string): ts.SourceFile {
  let source = parsed.get(file);
  if (source === undefined) parsed.set(file, (source = ts.createSourceFile(file, readText(file), ts.ScriptTarget.ESNext, true)));
  return source;
}

function hasNode(node: ts.Node, isWanted: (node: ts.Node) => boolean): boolean {
  return isWanted(node) || (ts.forEachChild(node, (child) => hasNode(child, isWanted) || undefined) ?? false);
}

function isBarrel(source: ts.SourceFile): boolean {
  return (
    source.statements.length > 0 &&
    source.statements.every((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined)
  );
}

function commentsOf(source: ts.SourceFile): string {
  const scanner = ts.createScanner(ts.ScriptTarget.ESNext, false, ts.LanguageVariant.Standard, source.text);
  const comments: string[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.SingleLineCommentTrivia || token === ts.SyntaxKind.MultiLineCommentTrivia)
      comments.push(scanner.getTokenText());
  }
  return comments.join('\n');
}

/** `test.only`, `todo`, and `skip` without words: as a member that is called, or as `true` among the options. */
function isSilentSkip(node: ts.Node): boolean {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { text } = node.expression.name;
    const isOfTest = /^(test|it|suite|describe|t|context)$/.test(node.expression.expression.getText());
    const first = node.arguments[0];
    const saysWhy = first !== undefined && (ts.isStringLiteralLike(first) || ts.isTemplateExpression(first)) && node.arguments.length === 1;
    return isOfTest && (text === 'only' || text === 'todo' || text === 'runOnly' || (text === 'skip' && !saysWhy));
  }
  if (!ts.isPropertyAssignment(node) || !/^(skip|only|todo)$/.test(node.name.getText())) return false;
  return node.initializer.kind === ts.SyntaxKind.TrueKeyword;
}

/** Homes of people, this checkout's own place, and hosts that serve packages. */
function namesOfMachines(text: string): string[] {
  const found =
    text.match(/\/(?:home|Users)\/[a-z][\w.-]*\/[\w.-]+|\bregistry\.[\w-]+\.(?:org|com|net|io|dev|internal)\b|"resolved":\s*"http/g) ?? [];
  const own = [ROOT, os.homedir()].filter((place) => place.split('/').length > 2 && text.includes(place));
  return [...found, ...own];
}

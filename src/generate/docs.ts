// docs/cli.md, docs/errors.md, and the tables between markers in hand-written documents.
import { describeFinding, FINDING_CODES, isFindingCode } from '../codes.ts';
import { describeGlobals, EXIT_CODES } from '../describe.ts';
import { manualOf, type CommandDescription } from '../description.ts';
import { describeError, ERROR_CODES } from '../errors.ts';
import { blocks, code, link, table } from '../markdown.ts';
import { sectionManualOf } from './configuration.ts';
import { markOf, type Source } from './source.ts';

export function cliDocOf(commands: readonly CommandDescription[]): string {
  return blocks(
    `<!-- ${markOf('src/commands/*/command.ts')} -->`,
    '# The command line',
    'Flags beat `SOPHIA_*` variables, those beat `sophia.yaml`, that beats the defaults. Results go to stdout, talk to stderr.',
    '## Every command takes',
    table(
      ['option', 'what it does'],
      describeGlobals().map((each) => [code(`${each.short === null ? '' : `-${each.short}, `}--${each.name}`), each.help]),
    ),
    '## Exit codes',
    exitCodeTable(),
    ...commands.map((command) => blocks(`## sophia ${command.name}`, manualOf(command))),
  ).concat('\n');
}

const ERRORS: ReadonlySet<string> = new Set(ERROR_CODES);

/** A code that can be either has one heading, because links lead there. */
export function errorsDocOf(): string {
  return blocks(
    `<!-- ${markOf('src/errors.ts and src/codes.ts')} -->`,
    '# Codes',
    '`sophia explain CODE` says the same in a terminal.',
    '# Errors',
    'What stops a run. Every error is an RFC 9457 problem document with one of these codes, in `--json`, over HTTP, over MCP and in proofs.',
    ...ERROR_CODES.map(describeError).map((each) =>
      blocks(
        `## ${each.code}`,
        `What happened: ${code(each.title)}`,
        `Why: ${each.explain}`,
        `What to do: ${each.hint}`,
        `Exit code ${each.exitCode}, HTTP status ${each.status}${each.retryable === true ? ', trying again may help' : ''}.`,
        ...(isFindingCode(each.code) ? [`As a finding: ${describeFinding(each.code).explain} ${describeFinding(each.code).hint}`] : []),
      ),
    ),
    '# Findings',
    'What a run has seen. The verdict of the finding decides the result, and the result the exit code.',
    ...FINDING_CODES.filter((each) => !ERRORS.has(each))
      .map(describeFinding)
      .map((each) => blocks(`## ${each.code}`, `What happened: ${each.title}`, `Why: ${each.explain}`, `What to do: ${each.hint}`)),
  ).concat('\n');
}

/** The generated parts that a document may ask for by `<!-- generated:NAME -->`. */
export function partsOf(commands: readonly CommandDescription[], source: Source): ReadonlyMap<string, string> {
  const withAction = commands.filter(({ action }) => action !== null);
  return new Map([
    [
      'commands',
      table(
        ['command', 'what it does', 'proof'],
        commands.map(({ name, summary, kind }) => [link(code(name), anchorOf(name)), summary, kind === null ? '' : code(kind)]),
      ),
    ],
    ['actions', table(['action', 'what it does', 'permissions'], withAction.map(toActionRow))],
    ['exit-codes', exitCodeTable()],
    ['operations-keys', blocks(...source.sections.filter(isOfOperations).map(({ section }) => sectionManualOf(section)))],
    ['finding-codes', findingTable()],
    ['node', `Node ${code(source.nodeRange)}`],
  ]);
}

function isOfOperations({ file }: Source['sections'][number]): boolean {
  return /^src\/(?:checks|secrets)\//.test(file);
}

function findingTable(): string {
  const rows = FINDING_CODES.map(describeFinding).map((each) => [
    link(code(each.code), `errors.md#${each.code.toLowerCase()}`),
    each.title,
    each.hint,
  ]);
  return table(['code', 'what was seen', 'what to do'], rows);
}

function toActionRow({ action, summary, permissions }: CommandDescription): readonly string[] {
  const grants = permissions.map(({ scope, level }) => code(`${scope}: ${level}`)).join(', ');
  return [link(code(`actions/${action}`), `actions/${action}/README.md`), summary, grants];
}

function exitCodeTable(): string {
  return table(
    ['code', 'meaning'],
    EXIT_CODES.map(({ code: exit, meaning }) => [String(exit), meaning]),
  );
}

function anchorOf(name: string): string {
  return `docs/cli.md#sophia-${name.replaceAll(' ', '-')}`;
}

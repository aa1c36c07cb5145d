// A new unit: which files it is, or why there cannot be one of this name.
import { toSlug } from '../command.ts';
import { COMMAND_NAME, type Files } from './source.ts';
import {
  checkTemplate,
  commandTemplate,
  engineTemplate,
  languageTemplate,
  providerTemplate,
  serviceTemplate,
  type Template,
} from './templates.ts';

const TEMPLATES = {
  command: commandTemplate,
  check: checkTemplate,
  service: serviceTemplate,
  provider: providerTemplate,
  engine: engineTemplate,
  language: languageTemplate,
} as const satisfies { readonly [kind: string]: Template };

export type UnitKind = keyof typeof TEMPLATES;

export const UNIT_KINDS = Object.keys(TEMPLATES) as readonly UnitKind[];

export function isUnitKind(word: string): word is UnitKind {
  return Object.hasOwn(TEMPLATES, word);
}

export interface Taken {
  /** Names of the commands there are. */
  readonly commands: readonly string[];
  readonly isFile: (path: string) => boolean;
}

export function planUnit(kind: UnitKind, name: string, taken: Taken): { readonly files: Files } | { readonly problem: string } {
  const files = new Map(TEMPLATES[kind](name));
  const problem = problemOfName(kind, name) ?? (kind === 'command' ? problemOfCommand(name, taken.commands) : null);
  if (problem !== null) return { problem };
  const existing = [...files.keys()].find(taken.isFile);
  return existing === undefined ? { files } : { problem: `"${name}" is taken: ${existing} exists` };
}

const MAX_LENGTH = 32;
const DUMPING_GROUNDS = /(^|[ -])(utils?|helpers?|common|shared|lib|misc|manager)($|[ -])/;
/** The generated lists of languages and of kinds of checks import each under its own name. */
const JAVASCRIPT_WORDS = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements
   import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var
   void while with yield arguments eval undefined`.split(/\s+/),
);

function problemOfName(kind: UnitKind, name: string): string | null {
  if (name === '') return `a ${kind} needs a name`;
  if (name.length > MAX_LENGTH) return `"${name}" is longer than ${MAX_LENGTH} letters`;
  if (!COMMAND_NAME.test(name))
    return `"${name}" must be a to z, 0 to 9 and -, a letter first${kind === 'command' ? ', one to three words' : ''}`;
  if (kind !== 'command' && name.includes(' ')) return `"${name}" must be one word, with - where a space would be`;
  if (DUMPING_GROUNDS.test(name)) return `"${name}" says where things are left, not what they are: name it after what it knows`;
  if ((kind === 'language' || kind === 'check') && JAVASCRIPT_WORDS.has(name))
    return `"${name}" is a word of JavaScript and cannot name a module: try ${name}-${kind === 'check' ? 'check' : 'lang'}`;
  return null;
}

function problemOfCommand(name: string, commands: readonly string[]): string | null {
  const same = commands.find((other) => toSlug(other) === toSlug(name));
  if (same !== undefined) return `"${name}" is taken: there is sophia ${same}`;
  const other = commands.find((each) => each.startsWith(`${name} `) || name.startsWith(`${each} `));
  return other === undefined ? null : `"${name}" and sophia ${other} begin with the same words: which one is meant could not be told`;
}

// defineCommand: one table of options from which flags, action inputs, env names, JSON schema and docs are made.
import type { Context } from './context.ts';
import type { Outcome } from './outcome.ts';

export type OptionType = 'string' | 'boolean' | 'integer' | 'number' | 'duration' | 'size' | 'list' | 'path';

/** Plain data: it becomes a flag, a YAML input, an env name, a JSON schema and a docs row. */
export interface OptionSpec {
  readonly type: OptionType;
  /** One sentence, no full stop. */
  readonly help: string;
  /** As a user would type it: '10s', '1MiB'. */
  readonly default?: string | number | boolean;
  readonly choices?: readonly string[];
  readonly required?: true;
  /** Given by place, not by name: `sophia search QUERY`. A positional list takes the rest. */
  readonly positional?: true;
  /** Of the last positional list: another program's command line. All from its first word on is taken as it stands, options and empty words too. */
  readonly rest?: true;
  /** Never from sophia.yaml: what the file may not do by itself, it may not allow itself either. */
  readonly onlyFromOutside?: true;
  /** A word for the value in help: FILE, GLOB, N. */
  readonly value?: string;
  /** An environment variable that gives the value when the flag does not; the default is SOPHIA_<NAME>. */
  readonly env?: string;
  /** The smallest number, duration (ms) or size (bytes) that makes sense. */
  readonly min?: number;
}

export type OptionTable = { readonly [name: string]: OptionSpec };

type Parsed<Spec extends OptionSpec> = Spec['type'] extends 'boolean'
  ? boolean
  : Spec['type'] extends 'integer' | 'number' | 'duration' | 'size'
    ? number
    : Spec['type'] extends 'list'
      ? readonly string[]
      : Spec extends { readonly choices: readonly (infer Choice)[] }
        ? Choice
        : string;

type IsAlwaysThere<Spec extends OptionSpec> = Spec['type'] extends 'boolean' | 'list'
  ? true
  : Spec extends { readonly required: true } | { readonly default: string | number | boolean }
    ? true
    : false;

/** Durations are milliseconds, sizes bytes, paths as typed, lists possibly empty, booleans false when not given. */
export type OptionValues<Table extends OptionTable> = {
  readonly [Name in keyof Table]: IsAlwaysThere<Table[Name]> extends true ? Parsed<Table[Name]> : Parsed<Table[Name]> | undefined;
};

export interface Example {
  readonly command: string;
  readonly does: string;
}

export interface Permission {
  readonly scope: string;
  readonly level: 'read' | 'write';
  readonly reason: string;
}

export interface Report {
  /** As typed: relative to the directory of the run, or absolute. */
  readonly path: string;
  readonly text: string;
}

export interface CommandDefinition<Table extends OptionTable = OptionTable, Data extends object = object> {
  /** As typed: `index`, `proofs verify`. The folder below commands/ is the same, joined by `-`. */
  readonly name: string;
  readonly summary: string;
  /** Kind of the proof each run leaves, or the option that says it; read-only commands have none. */
  readonly kind?: string | { readonly option: keyof Table & string };
  /** The option with which a run observes nothing: it prints, and leaves no proof. */
  readonly proofless?: keyof Table & string;
  /** A run may change files of the work tree: what they were is asked before it starts, not meanwhile. */
  readonly editsFiles?: true;
  /** Where lists of commands have it: `main` first, `desk` (to set up, to ask) last, the others between; each part by name. */
  readonly group?: 'main' | 'desk';
  /** `{ none: reason }` where an action would make no sense. */
  readonly action?: { readonly none: string };
  readonly options: Table;
  readonly examples: readonly Example[];
  readonly permissions?: readonly Permission[];
  /** Step outputs beyond the common ones: output name → key of `data` and help. */
  readonly outputs?: { readonly [name: string]: { readonly from: string; readonly help: string } };
  /** Secrets come from the environment only: variable name → what it is for. */
  readonly secrets?: { readonly [variable: string]: string };
  /** JSON Schema (2020-12) of `data`; published in schemas/. */
  readonly dataSchema: object;
  readonly run: (context: Context, options: OptionValues<Table>) => Promise<Outcome<Data>>;
  /** Told once, in Markdown: the terminal colours it, the job summary embeds it, --json skips it. */
  readonly view: (outcome: Outcome<Data>) => string;
  /** Further files that a run which leaves a proof was asked for, made like the view of what was recorded. */
  readonly reports?: (outcome: Outcome<Data>, options: OptionValues<Table>) => readonly Report[];
  /** The view is printed to the byte, for programs that read it: no Markdown, no colour, no line feed at its end. */
  readonly isVerbatim?: true | ((data: Data) => boolean);
}

/** Any command, for the faces, which know options only by name. */
export interface Command extends Omit<CommandDefinition, 'run' | 'view' | 'reports' | 'isVerbatim'> {
  readonly run: (context: Context, options: never) => Promise<Outcome>;
  readonly view: (outcome: never) => string;
  readonly reports?: (outcome: never, options: never) => readonly Report[];
  readonly isVerbatim?: true | ((data: never) => boolean);
}

/** What the generated registry holds: names for the overview, definitions only on demand. */
export interface RegistryEntry {
  /** As typed: `index`, `proofs verify`. */
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

export type Registry = readonly RegistryEntry[];

export interface GlobalSpec extends OptionSpec {
  /** One letter: `C` for `-C`. */
  readonly short?: string;
  /** The action input of the same meaning; a global without one makes no sense in an action. */
  readonly input?: string;
}

/** What every command takes, beside its own options. */
export const GLOBAL_OPTIONS = {
  directory: { type: 'path', help: 'work in this directory', value: 'DIR', short: 'C', input: 'working-directory' },
  config: { type: 'path', help: 'read this configuration instead of sophia.yaml', env: 'SOPHIA_CONFIG', input: 'config' },
  json: { type: 'boolean', help: 'print one JSON document' },
  quiet: { type: 'boolean', help: 'only the result, no talk' },
  verbose: { type: 'boolean', help: 'say more about what is done', input: 'verbose' },
} as const satisfies { readonly [name: string]: GlobalSpec };

/** Infers the types of options and data; returns the definition as it is. */
export function defineCommand<const Table extends OptionTable, Data extends object>(
  definition: CommandDefinition<Table, Data>,
): CommandDefinition<Table, Data> {
  return definition;
}

/** Whether sophia.yaml may give its value. */
export function isConfigurable({ positional, onlyFromOutside }: OptionSpec): boolean {
  return positional !== true && onlyFromOutside !== true;
}

/** `maxFileSize` → `max-file-size`: an option's name outside TypeScript. */
export function toKebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `maxFileSize` → `max_file_size`: its key in sophia.yaml. */
export function toSnake(name: string): string {
  return toKebab(name).replaceAll('-', '_');
}

/** `maxFileSize` → `MAX_FILE_SIZE`. */
function toUpperSnake(name: string): string {
  return toSnake(name).toUpperCase();
}

/** `proofs verify` → `proofs_verify`: a command's section in sophia.yaml. */
export function toSection(command: string): string {
  return command.replaceAll(/[ -]/g, '_');
}

/** `proofs verify` → `proofs-verify`: a command's folder, action and schema. */
export function toSlug(command: string): string {
  return command.replaceAll(' ', '-');
}

/** In help and docs: the kind, or `<kind>` where an option of that name says it. Null where a run leaves no proof. */
export function shownKindOf({ kind }: Pick<Command, 'kind'>): string | null {
  return typeof kind === 'object' ? `<${toKebab(kind.option)}>` : (kind ?? null);
}

/** The variable that gives an option's value when the flag does not. */
export function envNameOf(name: string, spec: OptionSpec): string {
  return spec.env ?? `SOPHIA_${toUpperSnake(name)}`;
}

/**
 * The variable in which an action's step hands an input over. A prefix of its own, because an input that was not given
 * arrives as an empty text: an empty SOPHIA_TIMEOUT would erase the one of the job.
 */
export function inputVariableOf(input: string): string {
  return `SOPHIA_INPUT_${input.replaceAll('-', '_').toUpperCase()}`;
}

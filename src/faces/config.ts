// sophia.yaml: strict YAML 1.2, data only. One section per command or room, keys in snake_case.
// Anything unknown is an error at line:column, so that a typo cannot switch a check off.
import path from 'node:path';
import { toSection, type Command, type Registry } from '../command.ts';
import type { Context } from '../context.ts';
import { SophiaError, systemCodeOf } from '../errors.ts';
import { configOf, type Config, type Sections } from '../section.ts';
import { escapePointer } from '../shape.ts';
import { decode } from './config/characters.ts';
import { ConfigDocument, syntaxProblemsOf } from './config/document.ts';
import { PartReader } from './config/parts.ts';
import { Problems } from './config/problems.ts';
import type { RawOptions } from './options.ts';

const DEFAULT_NAME = 'sophia.yaml';
/** A configuration is written by hand; a larger file is none, and would only cost memory. */
const MAX_BYTES = 256 << 10;

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
  const { options, config } = await parseConfig(name, bytes, request);
  return { options, config, file: { name, bytes } };
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

/**
 * Keys that come twice are found by the document, in one pass: the parser compares each with each. A tag of YAML 1.1 would make dates and
 * bytes, which are no JSON.
 */
const PARSING = { version: '1.2', strict: true, uniqueKeys: false, resolveKnownTags: false, prettyErrors: false } as const;

type Contents = Pick<Configuration, 'options' | 'config'>;

async function parseConfig(name: string, bytes: Uint8Array, { command, registry, sections }: ConfigRequest): Promise<Contents> {
  const [yaml, { findTokens, findTokensIn, maskOf }] = await Promise.all([import('yaml'), import('./config/tokens.ts')]);
  const { text, flaw } = decode(bytes);
  const lines = new yaml.LineCounter();
  const parsed = yaml.parseDocument(text, { lineCounter: lines, ...PARSING });
  const problems = new Problems(name, lines);
  if (flaw !== null) problems.addSyntax(flaw.offset, flaw.problem);
  for (const { offset, problem } of syntaxProblemsOf(parsed, text)) problems.addSyntax(offset, problem);
  const document = new ConfigDocument(yaml, parsed, problems);
  const written = findTokens(text);
  const hidden = findTokensIn(document.value, written);
  for (const { offset, problem } of written) problems.add(offset, problem);
  for (const { pointer, problem } of hidden) problems.add(document.valueAt(pointer), problem);
  problems.mask(maskOf([...written, ...hidden]));
  const reader = new PartReader(document, problems);
  const known = [...new Set([...registry.map((each) => toSection(each.name)), ...sections.map((each) => each.name)])];
  // Only what the file speaks of is loaded: this stands before every command.
  for (const key of reader.names(known)) {
    const owner = await registry.find((each) => toSection(each.name) === key)?.load();
    const section = await sections.find((each) => each.name === key)?.load();
    reader.read(key, owner ?? null, section ?? null);
  }
  problems.throwIfAny();
  const { values, secretNames } = reader;
  const locate: Config['locate'] = (section, pointer) =>
    values.has(section.name) ? problems.locate(document.entryAt(`/${escapePointer(section.name)}${pointer}`)) : null;
  return { options: reader.options.get(command.name) ?? {}, config: configOf(values, { file: name, locate, secretNames }) };
}

// All generated files, as text, from the definitions alone.
import { describeCommand } from '../describe.ts';
import { actionReadmeOf } from './action-readme.ts';
import { actionOf, rootActionOf } from './action.ts';
import { cliDocOf, errorsDocOf, partsOf } from './docs.ts';
import { fillMarkers, hasMarkers, problemsOfMarkers } from './marked.ts';
import { registryOf, unitRegistryOf } from './registry.ts';
import { configSchemaOf, documentSchemaOf } from './schemas.ts';
import { isMarked, problemsOf, sortUnits, UNIT_ROOMS, type Files, type Source, type Unit, type UnitRoom } from './source.ts';

/** Either every file, or one sentence for each thing that stands in the way. */
export type Generated = { readonly files: Files } | { readonly problems: readonly string[] };

export function generate(source: Source): Generated {
  const units = sortUnits(source.units);
  const commands = units.map(({ command }) => describeCommand(command));
  const parts = partsOf(commands, source);
  const documents = [...source.documents].filter(([, text]) => hasMarkers(text));
  const problems = [...problemsOf(units), ...documents.flatMap(([file, text]) => problemsOfMarkers(file, text, parts))];
  if (problems.length > 0) return { problems };
  const files = new Map([
    ['src/commands/registry.generated.ts', registryOf(units, source.sections)],
    ...UNIT_ROOMS.map((room) => [`${room.folder}/registry.generated.ts`, unitRegistryOf(room, modulesOf(source, room))] as const),
    ['action.yml', rootActionOf(commands)],
    ['docs/cli.md', cliDocOf(commands)],
    ['docs/errors.md', errorsDocOf()],
    [
      'schemas/sophia.schema.json',
      configSchemaOf({ commands: units.map(({ command }) => command), sections: source.sections.map(({ section }) => section) }),
    ],
    ...units.flatMap((unit) => filesOf(unit, source.repository)),
    ...documents.map(([file, text]) => [file, fillMarkers(text, parts)] as const),
  ]);
  return { files };
}

function modulesOf({ unitModules }: Source, { folder }: UnitRoom): readonly string[] {
  return unitModules.get(folder) ?? [];
}

export interface Differences {
  readonly stale: readonly string[];
  readonly missing: readonly string[];
  /** Made once, from what is no more. */
  readonly orphaned: readonly string[];
}

/** `present`: what lies where generated files lie. */
export function compare(expected: Files, present: Files): Differences {
  const paths = [...expected.keys()];
  return {
    stale: paths.filter((file) => present.has(file) && present.get(file) !== expected.get(file)),
    missing: paths.filter((file) => !present.has(file)),
    orphaned: [...present].filter(([file, text]) => !expected.has(file) && isGenerated(file, text)).map(([file]) => file),
  };
}

/** The folders of actions/ hold nothing by hand; elsewhere a file says of itself that it is generated. */
function isGenerated(file: string, text: string): boolean {
  return /^actions\/[^/]+\//.test(file) || isMarked(file, text);
}

function filesOf({ folder, command }: Unit, repository: string | null): readonly (readonly [string, string])[] {
  const description = describeCommand(command);
  const schema = [`schemas/${folder}.schema.json`, documentSchemaOf(command)] as const;
  if (description.action === null) return [schema];
  return [
    [`actions/${folder}/action.yml`, actionOf(description, folder)],
    [`actions/${folder}/README.md`, actionReadmeOf(description, folder, repository)],
    schema,
  ];
}

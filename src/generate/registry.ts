import { markOf, sectionExportOf, type SectionUnit, type Unit, type UnitRoom } from './source.ts';

/** src/commands/registry.generated.ts: names at once, definitions on demand. Formatted as the formatter would. */
export function registryOf(units: readonly Unit[], sections: readonly SectionUnit[]): string {
  return `// ${markOf('src/commands/*/command.ts and src/*/section.ts')}
import type { Registry } from '../command.ts';
import type { Sections } from '../section.ts';

export const registry: Registry = [
${units.map(entryOf).join('\n')}
];

export const sections: Sections = [
${sections.map(sectionEntryOf).join('\n')}
];
`;
}

/** All units of a room, imported at once. */
export function unitRegistryOf({ folder, list, type, contract }: UnitRoom, modules: readonly string[]): string {
  return `// ${markOf(`${folder}/*.ts`)}
${modules.map((module) => `import ${toIdentifier(module)} from './${module}.ts';`).join('\n')}
import type { ${type} } from './${contract}.ts';

export const ${list}: readonly ${type}[] = [
${modules.map((module) => `  ${toIdentifier(module)},`).join('\n')}
];
`;
}

/** `objective-c` → `objectiveC`. */
function toIdentifier(module: string): string {
  return module.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function sectionEntryOf({ file, section }: SectionUnit): string {
  return `  {
    name: ${quote(section.name)},
    load: () => import('${file.replace('src/', '../')}').then((module) => module.${sectionExportOf(section)}),
  },`;
}

function entryOf({ folder, command }: Unit): string {
  return `  {
    name: ${quote(command.name)},
    summary: ${quote(command.summary)},
    load: () => import('./${folder}/command.ts').then((module) => module.default),
  },`;
}

/** Single quotes, unless that would mean more escapes. */
function quote(text: string): string {
  const inDouble = JSON.stringify(text);
  const hasMoreSingle = text.split("'").length > text.split('"').length;
  return hasMoreSingle
    ? inDouble
    : `'${inDouble
        .slice(1, -1)
        .replaceAll(String.raw`\"`, '"')
        .replaceAll("'", String.raw`\'`)}'`;
}

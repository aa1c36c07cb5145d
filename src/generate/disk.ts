// The generator's only touch of the disk: definitions and present files in, generated files out.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from '../command.ts';
import type { Section } from '../section.ts';
import { isMarked, sectionExportOf, UNIT_ROOMS, type Files, type SectionUnit, type Source, type Unit } from './source.ts';

/** Imports every src/commands/<folder>/command.ts below the root. */
export async function readSource(root: string): Promise<Source> {
  const { engines, repository } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    engines: { node: string };
    repository?: string | { url: string };
  };
  const url = typeof repository === 'string' ? repository : repository?.url;
  const documents = ['README.md', ...list(root, 'docs').filter((file) => file.endsWith('.md'))];
  return {
    units: await readUnits(root),
    sections: await readSections(root),
    unitModules: new Map(UNIT_ROOMS.map(({ folder }) => [folder, readUnitModules(root, folder)])),
    nodeRange: engines.node,
    repository: /([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(url ?? '')?.[1] ?? null,
    documents: readFiles(root, documents),
  };
}

/** What lies where generated files lie: the expected ones, and any other that may be an orphan. */
export function readPresent(root: string, expected: Iterable<string>): Files {
  const folders = list(root, 'actions').filter((folder) => fs.statSync(path.join(root, folder)).isDirectory());
  const places = [...folders.flatMap((folder) => list(root, folder)), ...['schemas', 'docs'].flatMap((folder) => list(root, folder))];
  return readFiles(root, new Set([...expected, ...places]));
}

export function writeFiles(root: string, files: Iterable<readonly [string, string]>): void {
  for (const [file, text] of files) {
    fs.mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  }
}

/** Removes a file that says it is generated, and its folder when that is empty then. False: it was written by hand. */
export function removeGenerated(root: string, file: string): boolean {
  const place = path.join(root, file);
  if (!isMarked(file, fs.readFileSync(place, 'utf8'))) return false;
  fs.rmSync(place);
  if (fs.readdirSync(path.dirname(place)).length === 0) fs.rmdirSync(path.dirname(place));
  return true;
}

async function readUnits(root: string): Promise<readonly Unit[]> {
  const files = list(root, 'src/commands')
    .map((folder) => `${folder}/command.ts`)
    .filter((file) => fs.existsSync(path.join(root, file)));
  return await Promise.all(
    files.map(async (file) => {
      const { default: command } = (await import(pathToFileURL(path.join(root, file)).href)) as { default: Command };
      return { folder: path.basename(path.dirname(file)), command };
    }),
  );
}

/** Every src/<room>/section.ts, which exports sections, each under the name it is called for: `proofsSection`. */
async function readSections(root: string): Promise<readonly SectionUnit[]> {
  const files = list(root, 'src')
    .map((room) => `${room}/section.ts`)
    .filter((file) => fs.existsSync(path.join(root, file)));
  const read = await Promise.all(files.map(async (file) => await readSectionsOf(root, file)));
  return read.flat();
}

async function readSectionsOf(root: string, file: string): Promise<readonly SectionUnit[]> {
  const exported = (await import(pathToFileURL(path.join(root, file)).href)) as Readonly<Record<string, Section>>;
  const named = Object.entries(exported).filter(([name, each]) => name === sectionExportOf(each));
  if (named.length === 0) throw new TypeError(`${file} exports no section called as sophia.yaml calls it: <name>Section`);
  return named.map(([, section]) => ({ file, section }));
}

/** A module of such a room is a unit if it has a default export; the others say what one is and choose among them. */
function readUnitModules(root: string, room: string): readonly string[] {
  const modules = list(root, room).filter((file) => file.endsWith('.ts') && !file.endsWith('.generated.ts'));
  return modules
    .filter((file) => /^export default /m.test(fs.readFileSync(path.join(root, file), 'utf8')))
    .map((file) => path.basename(file, '.ts'));
}

function readFiles(root: string, names: Iterable<string>): Files {
  const found = [...names].filter((file) => fs.statSync(path.join(root, file), { throwIfNoEntry: false })?.isFile());
  return new Map(found.map((file) => [file, fs.readFileSync(path.join(root, file), 'utf8')]));
}

function list(root: string, folder: string): readonly string[] {
  const place = path.join(root, folder);
  return fs.existsSync(place)
    ? fs
        .readdirSync(place)
        .sort()
        .map((name) => `${folder}/${name}`)
    : [];
}

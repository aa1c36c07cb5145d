// Which scanner reads a file: by whole name, by ending, else by the interpreter of its first line.
import { grammarExtensions, loadGrammar, type Prepare } from './grammars.ts';
import type { Language } from './language.ts';
import { languages } from './registry.generated.ts';

const byFilename = new Map<string, Language>();
const byExtension = new Map<string, Language>();
const byInterpreter = new Map<string, Language>();
for (const language of languages) {
  for (const filename of language.filenames ?? []) byFilename.set(filename, language);
  for (const extension of language.extensions) byExtension.set(extension, language);
  for (const interpreter of language.interpreters ?? []) byInterpreter.set(interpreter, language);
}

const FIRST_LINE_BYTES = 128;

/** A scanner, else a grammar; null for text that neither knows. */
export async function selectLanguage(file: string, source: Uint8Array, prepare?: Prepare): Promise<Language | null> {
  const scanner = selectScanner(file, source);
  if (scanner !== null) return scanner;
  const extension = file.slice(file.lastIndexOf('.')).toLowerCase();
  return grammarExtensions.includes(extension) ? await loadGrammar(extension, prepare) : null;
}

function selectScanner(file: string, source: Uint8Array): Language | null {
  const name = file.slice(file.lastIndexOf('/') + 1);
  const known = byFilename.get(name);
  if (known !== undefined) return known;
  const dot = name.lastIndexOf('.');
  if (dot > 0 || (dot === 0 && name.length > 1)) {
    const found = byExtension.get(name.slice(dot).toLowerCase());
    if (found !== undefined || dot > 0) return found ?? null;
  }
  return selectByInterpreter(source);
}

/** `#!/usr/bin/env -S python3.12 -u` → python3 → python. */
function selectByInterpreter(source: Uint8Array): Language | null {
  if (source[0] !== 35 || source[1] !== 33) return null;
  const line = Buffer.from(source.subarray(2, FIRST_LINE_BYTES)).toString('latin1').split('\n')[0]!;
  const words = line
    .trim()
    .split(/\s+/)
    .filter((word) => !word.startsWith('-'));
  const program = words.map((word) => word.slice(word.lastIndexOf('/') + 1)).find((word) => word !== 'env');
  if (program === undefined) return null;
  return byInterpreter.get(program) ?? byInterpreter.get(program.replace(/[\d.]+$/, '')) ?? null;
}

// Bundles src/ into dist/: what the published package and the actions run. Nothing beside dist/ is needed to run it.
// `--if-possible`, for npm's prepare: where the bundler is not installed (`npm ci --omit=dev`), nothing is built or said.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const DIST = path.join(ROOT, 'dist');
const ENTRIES = { sophia: 'src/main.ts', thread: 'src/thread.ts' };
/** Each becomes one chunk with all that it imports: a dozen small files cost more to open than to read. Earlier ones come first. */
const GROUPS = [
  { name: 'start', test: /[\\/]src[\\/]faces[\\/]cli\.ts$/ }, // not main.ts: whoever waits at its top level cannot be imported
  { name: 'machine', test: /[\\/]src[\\/]platform[\\/]context\.ts$/ },
  // What definitions of commands name; the rest of the index is loaded when one runs.
  { name: 'words', test: /[\\/]src[\\/]index[\\/](?:ranking|search[\\/](?:hit|query)|languages[\\/]language)\.ts$/ },
  { name: 'answer', test: /[\\/]src[\\/]index[\\/]search[\\/]search\.ts$/ },
];
const WASM_FOLDERS = ['node_modules/web-tree-sitter', 'node_modules/@vscode/tree-sitter-wasm/wasm'];

const bundler = await loadBundler(process.argv.includes('--if-possible'));
if (bundler !== null) await build(bundler).catch(fail);

async function loadBundler(isOptional) {
  try {
    return await import('rolldown');
  } catch (error) {
    if (isOptional) return null;
    throw error;
  }
}

async function build({ rolldown }) {
  const startedSeconds = Date.now() / 1000;
  const temporary = fs.mkdtempSync(path.join(ROOT, 'dist.tmp-'));
  try {
    const chunks = await bundle(rolldown, temporary);
    copyWasm(temporary, chunks);
    refuseMachinePaths(temporary);
    writeManifest(temporary);
    // A source edited while this ran is newer than the bundle: bin/sophia.js compares these times.
    fs.utimesSync(path.join(temporary, 'sophia.js'), startedSeconds, startedSeconds);
    swap(temporary);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
  process.stderr.write(`dist: ${summary(DIST)}\n`);
}

function fail(error) {
  process.stderr.write(`dist was not built: ${stripVTControlCharacters(error.message)}\n`);
  process.exitCode = 1;
}

/** Flat, because a chunk finds threads and wasm beside itself. Returns the bundle's chunks. */
async function bundle(rolldown, directory) {
  const input = Object.fromEntries(Object.entries(ENTRIES).filter(([, file]) => fs.existsSync(path.join(ROOT, file))));
  const built = await rolldown({ cwd: ROOT, input, platform: 'node', onLog: refuseWarnings, plugins: [oneUndici(), plainBuiltins()] });
  const { output } = await built.write({
    dir: directory,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: (chunk) => `${nameOf(chunk)}-[hash].js`,
    codeSplitting: { groups: GROUPS },
    // Names stay, so that the stack of a bug can be read; there is no sourcemap, which would hold this machine's paths.
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
  });
  await built.close();
  return output.filter(({ type }) => type === 'chunk');
}

/**
 * Node's own modules without their ES module faces, which read every export and so load what nobody asked for: the streams of
 * the process, the promises of the disk, colours. That is a fifth of the start.
 */
function plainBuiltins() {
  const form = /^import (?:\* as ([\w$]+)|([\w$]+))?(?:, )?(\{[^}]*\})? from ["'](node:[\w/]+)["'];$/gm;
  const renderChunk = (code) => {
    const rendered = code.replaceAll(form, (_, namespace, whole, names, builtin) => {
      const wanted = [namespace, whole, names?.replaceAll(' as ', ': ')].filter((each) => each !== undefined);
      return wanted.map((each) => `const ${each} = globalThis.process.getBuiltinModule("${builtin}");`).join(' ');
    });
    const left = /^import\b.*["']node:.*$/m.exec(rendered);
    if (left !== null) throw new Error(`an import of another form than expected: ${left[0]}`);
    return rendered;
  };
  return { name: 'plain-builtins', renderChunk };
}

/** npm lays the same undici beside each package of GitHub's: half a megabyte, which the bundle needs once. */
function oneUndici() {
  const one = path.join(ROOT, 'node_modules/@actions/http-client/node_modules/undici/index.js');
  const versionOf = (file) => JSON.parse(fs.readFileSync(path.join(path.dirname(file), 'package.json'), 'utf8')).version;
  const resolveId = async function (source, importer, options) {
    if (source !== 'undici' || !fs.existsSync(one)) return null;
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    return found !== null && versionOf(found.id) === versionOf(one) ? { ...found, id: one } : found;
  };
  return { name: 'one-undici', resolveId };
}

/** A warning is a module that was not found or a name that is not exported: the bundle would break where it is used. */
function refuseWarnings(level, log) {
  const isHarmless = log.code === 'EVAL' || log.code === 'INVALID_ANNOTATION' || log.code === 'COMMONJS_VARIABLE_IN_ESM';
  if (level === 'warn' && !isHarmless) throw new Error(`rolldown: ${log.code}: ${log.message}`);
}

/** `src/commands/proofs-verify/command.ts` → `proofs-verify`, a package by its own name; a dozen chunks called `command` help nobody. */
function nameOf({ facadeModuleId, name }) {
  if (facadeModuleId && name === 'command') return path.basename(path.dirname(facadeModuleId));
  const inPackage = /.*[\\/]node_modules[\\/]@?((?:(?<=@)[^\\/]+[\\/])?[^\\/]+)/.exec(facadeModuleId ?? '')?.[1];
  return (inPackage ?? name).replaceAll(/[^\w-]/g, '-');
}

/** Every wasm file that our own code names; a name that no package has is an error here instead of at run time. */
function copyWasm(directory, chunks) {
  const named = new Set(chunks.flatMap(({ code }) => code.match(/(?<=["'`/])[\w-]+\.wasm(?=["'`])/g) ?? []));
  for (const name of named) {
    const folder = WASM_FOLDERS.find((each) => fs.existsSync(path.join(ROOT, each, name)));
    if (folder === undefined) throw new Error(`the code names ${name}, which is in none of ${WASM_FOLDERS.join(', ')}`);
    fs.copyFileSync(path.join(ROOT, folder, name), path.join(directory, name));
  }
}

function refuseMachinePaths(directory) {
  for (const name of fs.readdirSync(directory)) {
    if (fs.readFileSync(path.join(directory, name)).includes(ROOT)) throw new Error(`${name} holds a path of this machine: ${ROOT}`);
  }
}

function writeManifest(directory) {
  const names = fs.readdirSync(directory).sort();
  const files = Object.fromEntries(names.map((name) => [name, digestOf(path.join(directory, name))]));
  fs.writeFileSync(path.join(directory, 'manifest.json'), `${JSON.stringify({ files }, null, 2)}\n`);
}

function digestOf(file) {
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

/** By rename: whoever starts meanwhile sees the old bundle or the new one, never half of one. */
function swap(temporary) {
  const old = `${temporary}.old`;
  if (fs.existsSync(DIST)) fs.renameSync(DIST, old);
  fs.chmodSync(temporary, 0o755);
  fs.renameSync(temporary, DIST);
  fs.rmSync(old, { recursive: true, force: true });
}

function summary(directory) {
  const sizes = fs.readdirSync(directory).map((name) => ({ name, bytes: fs.statSync(path.join(directory, name)).size }));
  const total = (suffix) => (sizes.filter(({ name }) => name.endsWith(suffix)).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1);
  return `${sizes.length} files, ${total('.js')} MB of JavaScript, ${total('.wasm')} MB of wasm`;
}

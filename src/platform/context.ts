// The real machine, put together once per run.
import path from 'node:path';
import type { Context, Env, Recorder } from '../context.ts';
import { SophiaError, systemCodeOf } from '../errors.ts';
import { configOf } from '../section.ts';
import { clock } from './clock.ts';
import { databases } from './sqlite.ts';
import { createExec } from './exec.ts';
import { files } from './files.ts';
import { createGit } from './git.ts';
import { createGitHub } from './github/github.ts';
import { http } from './http.ts';
import { createLog, type LogOptions } from './log.ts';
import { machine } from './machine.ts';
import { probe } from './probe/probe.ts';
import { createRipgrep } from './ripgrep.ts';
import { sigstore } from './sigstore.ts';
import { createSpawn } from './spawn.ts';
import { stdin } from './stdin.ts';
import { createSupervisor } from './supervisor.ts';
import { workers } from './workers.ts';

export interface ContextOptions {
  readonly directory: string;
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly commands: Context['commands'];
  readonly log: Omit<LogOptions, 'clock'>;
}

export function createContext(options: ContextOptions): Context {
  const directory = resolve(options.directory);
  const spawn = createSpawn(options.env, directory);
  return {
    directory,
    env: options.env,
    clock,
    files,
    stdin,
    exec: createExec(options.env, directory),
    supervisor: createSupervisor(options.env, directory),
    git: createGit(createSpawn(withoutGitLocation(options.env), directory)),
    ripgrep: createRipgrep(spawn),
    http,
    probe,
    github: createGitHub(options.env),
    sigstore,
    databases,
    workers,
    config: configOf(new Map()),
    log: createLog({ ...options.log, clock }),
    machine,
    record: forgetful,
    commands: options.commands,
    signal: options.signal,
  };
}

/** Asked at once: a proof would otherwise be written into a folder that a typing error has just made. */
function resolve(given: string): string {
  try {
    const directory = path.resolve(given); // fails where the working directory was removed
    if (files.stat(files.realPath(directory))?.kind === 'directory') return directory;
  } catch (error) {
    throw new SophiaError('NOT_A_DIRECTORY', { path: given, reason: ` (${systemCodeOf(error) ?? 'unknown'})` }, { cause: error });
  }
  throw new SophiaError('NOT_A_DIRECTORY', { path: given, reason: '' });
}

/** A git hook gets these; they would make every directory answer for the hook's repository. */
function withoutGitLocation(env: Env): Env {
  const { GIT_DIR: _dir, GIT_WORK_TREE: _tree, GIT_INDEX_FILE: _index, GIT_PREFIX: _prefix, GIT_COMMON_DIR: _common, ...rest } = env;
  return rest;
}

/** For commands that leave no proof. */
const forgetful: Recorder = {
  find: () => {},
  input: () => {},
  attach: () => {},
  capture: () => ({ write: (chunk) => chunk, end: () => ({ rest: new Uint8Array(), sizeBytes: 0, sha256: '' }) }),
  view: () => {},
  subject: () => {},
  data: () => {},
  link: () => {},
};

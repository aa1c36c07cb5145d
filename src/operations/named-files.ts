// Files that sophia.yaml names: certificates to trust, schemas. They must be there before anything is asked.
import path from 'node:path';
import { kinds } from '../checks/kinds/registry.generated.ts';
import type { Service } from '../checks/service.ts';
import type { Context } from '../context.ts';
import { SophiaError } from '../errors.ts';
import type { JsonObject } from '../outcome.ts';

type Where = Pick<Context, 'config' | 'directory' | 'files'>;

const MAX_BYTES = 4 << 20;

/** Path as written: relative to the file that names it. */
export function readNamedFile({ config, directory, files }: Where, name: string): string {
  const file = path.resolve(path.dirname(path.resolve(directory, config.file ?? 'sophia.yaml')), name);
  const bytes = files.readPlain(files.realPath(file), MAX_BYTES);
  if (!(bytes instanceof Uint8Array)) throw new TypeError(bytes.kind === 'file' ? `it has more than ${MAX_BYTES} bytes` : 'it is no file');
  return Buffer.from(bytes).toString('utf8');
}

/** Throws `CONFIG_INVALID` with every file that cannot be read, at its line. */
export function refuseMissingFiles(context: Where, services: readonly Service[]): void {
  const problems = services.flatMap((service) =>
    namesIn(service).flatMap(({ name, pointer }) => {
      const reason = problemOf(context, name);
      return reason === null ? [] : [toProblem(context, `/${service.id}${pointer}`, `${name} cannot be read: ${reason}`)];
    }),
  );
  const [first] = problems;
  if (first === undefined) return;
  const rest = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  throw new SophiaError('CONFIG_INVALID', { ...first.location, problem: `${first.problem}${rest}` }, { errors: problems });
}

/** One problem of the file, as `error.errors` has it. */
export function toProblem({ config }: Pick<Context, 'config'>, pointer: string, problem: string): ConfigProblem {
  const location = config.locate({ name: 'services' }, pointer) ?? { file: config.file ?? 'sophia.yaml', line: 1, column: 1 };
  return { code: 'CONFIG_INVALID', message: `${location.file}:${location.line}:${location.column}: ${problem}`, location, problem };
}

type ConfigProblem = JsonObject & {
  readonly message: string;
  readonly problem: string;
  readonly location: { readonly file: string; readonly line: number; readonly column: number };
};

interface Named {
  readonly name: string;
  /** JSON pointer below the service. */
  readonly pointer: string;
}

/** One with a variable in its name is known only when it is asked for. */
function namesIn({ tls, checks, skip }: Service): readonly Named[] {
  if (skip !== null) return [];
  const own = tls.ca === null ? [] : [{ name: tls.ca, pointer: '/tls/ca' }];
  const ofChecks = checks.flatMap(({ kind, entry, skip: left }, index) => {
    const names = left === null ? (kinds.find(({ name }) => name === kind)?.files?.(entry) ?? []) : [];
    return names.map((name) => ({ name, pointer: `/checks/${index}` }));
  });
  return [...own, ...ofChecks].filter(({ name }) => !name.includes('${'));
}

function problemOf(context: Where, name: string): string | null {
  try {
    readNamedFile(context, name);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

// Looking at a directory of somebody else's evidence: what of it could anyone check, and what gives it away. Nothing is changed.
import type { Context } from '../../context.ts';
import type { Finding } from '../../outcome.ts';
import { rules } from '../audit-rules/registry.generated.ts';
import type { Directory, PlacedSpot, Rule, SeenFile } from '../audit-rules/rule.ts';
import { sha256Of } from '../digest.ts';
import { createRedactor } from '../redaction/redaction.ts';
import { openProofs, type ProofTree, type TreeEntry } from '../tree.ts';
import { placeOf, toExhibit, type Exhibit } from './exhibit.ts';
import type { FileHistory } from './history.ts';
import { findVouched, isVouched, type Vouched } from './vouched.ts';

/** Evidence is small; what is larger is not looked into, and said to be. */
const MAX_BYTES = 8 * 1024 * 1024;
/** A rule that finds the same a thousand times in a file has said it. */
const MAX_SPOTS = 20;

export interface AuditRequest {
  /** Absolute. */
  readonly directory: string;
  /** As typed: findings name files with it. */
  readonly name: string;
  /** By path relative to the directory; null where git is not asked. */
  readonly history: ReadonlyMap<string, FileHistory> | null;
}

export interface Audit {
  readonly findings: readonly Finding[];
  /** Plain files that were looked at, and those that could not be. */
  readonly files: number;
  /** Proofs of ours that hold, and what they vouch for. */
  readonly verifiable: number;
  /** Every rule, with how often it found something, also where that is not told one by one. */
  readonly byRule: { readonly [rule: string]: number };
}

export async function auditDirectory(context: Pick<Context, 'files' | 'clock' | 'signal'>, request: AuditRequest): Promise<Audit> {
  const tree = openProofs(context, { proofs: request.directory, name: request.name });
  const entries = [...tree.walk()].filter(({ path }) => !/(?:^|\/)\.git(?:\/|$)/.test(path));
  const auditor = new Auditor(request, new Set(entries.map(({ path }) => path)));
  const vouched = await findVouched(tree, entries);
  const readable = entries.filter((entry) => auditor.accept(entry));
  await auditor.examineAll(tree, readable, vouched);
  return auditor.conclude();
}

class Auditor {
  readonly #request: AuditRequest;
  readonly #paths: ReadonlySet<string>;
  readonly #findings: Finding[] = [];
  readonly #found = new Map<string, number>();
  readonly #seen: SeenFile[] = [];
  #files = 0;
  #verifiable = 0;

  constructor(request: AuditRequest, paths: ReadonlySet<string>) {
    this.#request = request;
    this.#paths = paths;
  }

  /** Links, pipes and devices are not opened, and what is too large is not read. */
  accept({ path, stat, problem }: TreeEntry): boolean {
    this.#files += 1;
    const refuse = (reason: string): false => {
      this.#findings.push({ check: 'unread', target: this.#target(path), verdict: 'unknown', reason });
      return false;
    };
    if (problem !== undefined) return refuse(problem);
    if (stat === null) return refuse('cannot be looked at');
    if (stat.kind !== 'file') return refuse(stat.kind === 'symlink' ? 'a symbolic link; links are not followed' : 'not a plain file');
    return stat.sizeBytes <= MAX_BYTES || refuse(`${stat.sizeBytes} bytes; more than ${MAX_BYTES} are not looked into`);
  }

  async examineAll(tree: ProofTree, entries: readonly TreeEntry[], vouched: Vouched): Promise<void> {
    for await (const batch of tree.read(entries.map(({ path }) => path))) {
      for (const file of batch) {
        if (file.bytes === null)
          this.#findings.push({ check: 'unread', target: this.#target(file.path), verdict: 'unknown', reason: file.problem });
        else if (isVouched(vouched, file.path, file.bytes)) this.#verifiable += 1;
        else this.#examine(file.path, file.bytes);
      }
    }
  }

  conclude(): Audit {
    const directory: Directory = { files: this.#seen, history: this.#request.history };
    for (const rule of rules) {
      for (const spot of rule.conclude?.(directory) ?? []) this.#note(rule, spot, null);
    }
    const byRule = Object.fromEntries(rules.flatMap(({ id }) => (this.#found.has(id) ? [[id, this.#found.get(id)!]] : [])));
    return { findings: this.#findings.map(withoutSecrets), files: this.#files, verifiable: this.#verifiable, byRule };
  }

  #examine(path: string, bytes: Uint8Array): void {
    const { history } = this.#request;
    const exhibit = toExhibit({ path, bytes, history: history?.get(path) ?? null, hasFile: (asked) => this.#hasFile(path, asked) });
    this.#seen.push({ path, sizeBytes: bytes.length, sha256: sha256Of(bytes) });
    for (const rule of rules) {
      let spots = 0;
      for (const spot of rule.examine?.(exhibit) ?? []) {
        spots += 1;
        if (spots <= MAX_SPOTS) this.#note(rule, { ...spot, path }, exhibit);
        else this.#count(rule);
      }
    }
  }

  #note(rule: Rule, { path, reason, offset }: PlacedSpot, exhibit: Exhibit | null): void {
    this.#count(rule);
    const file = this.#target(path);
    const place =
      exhibit?.text !== null && exhibit !== null && offset !== undefined ? { location: { file, ...placeOf(exhibit.text, offset) } } : {};
    this.#findings.push({ check: rule.id, target: file, verdict: rule.level, reason, ...place });
  }

  #count({ id }: Pick<Rule, 'id'>): void {
    this.#found.set(id, (this.#found.get(id) ?? 0) + 1);
  }

  /** As a path from the directory, from the file's own folder, or from where the directory lies. */
  #hasFile(from: string, asked: string): boolean {
    const base = this.#request.name.split('/').at(-1) ?? '';
    const folder = from.slice(0, from.lastIndexOf('/') + 1);
    const candidates = [
      asked,
      normalize(`${folder}${asked}`),
      asked.startsWith(`${base}/`) ? asked.slice(base.length + 1) : asked,
      asked.replace(/^proofs\//, ''),
    ];
    return candidates.some((each) => this.#paths.has(each));
  }

  #target(path: string): string {
    const { name } = this.#request;
    return path === '' || path === '.' ? name : `${name}/${path}`;
  }
}

const redactor = createRedactor({ env: {} });

/** A name, or the path that a file refers to, may hold one as well. */
function withoutSecrets(finding: Finding): Finding {
  const clean = (text: string): string => redactor.text(text, '');
  const { target, reason, location } = finding;
  return {
    ...finding,
    target: clean(target),
    reason: clean(reason),
    ...(location === undefined ? {} : { location: { ...location, file: clean(location.file) } }),
  };
}

function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

// Proofs of runs that never were, as many as are wanted: about 2.5 KB each, spread over a year, every one of them sound.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { countVerdicts, exitCodeOf, resultOf, type Finding } from '../../src/outcome.ts';
import { serialize } from '../../src/proof/canonical.ts';
import { sha256Of } from '../../src/proof/digest.ts';
import { pathOf } from '../../src/proof/path-law.ts';
import { toJson } from '../../src/proof/plain.ts';
import { PREDICATE_TYPE, STATEMENT_TYPE, type Statement } from '../../src/proof/statement.ts';

const START_MS = Date.UTC(2025, 10, 1);
const YEAR_MS = 365 * 86_400_000;
const KINDS = ['smoke', 'context_index', 'deployment', 'slo', 'notion'];
const SERVICES = ['mcp-repo', 'mcp-context'];
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Writes `count` proofs below the directory, which then is a `proofs/`. Returns their paths in order of time. */
export function writeSamples(proofs: string, count: number): string[] {
  const paths: string[] = [];
  const folders = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    const statement = sampleAt(index, count);
    const relative = pathOf(statement.predicate);
    const folder = path.join(proofs, path.dirname(relative));
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
    folders.add(folder);
    writeFileSync(path.join(proofs, relative), serialize(toJson(statement)));
    paths.push(relative);
  }
  writeFileSync(path.join(proofs, '.gitattributes'), '* -text linguist-generated export-ignore\n');
  return paths;
}

function sampleAt(index: number, count: number): Statement {
  const startedMs = START_MS + Math.floor((index / count) * YEAR_MS) + (index % 997);
  const digest = sha256Of(`sample ${index}`);
  const kind = KINDS[index % KINDS.length]!;
  const commit = sha256Of(`commit ${Math.floor(index / 20)}`).slice(0, 40);
  const durationMs = 200 + (index % 4096);
  const findings = SERVICES.map((service, at) => findingOf(service, (index + at) % 40, digest));
  const result = resultOf(findings);
  return {
    _type: STATEMENT_TYPE,
    predicateType: PREDICATE_TYPE,
    subject: [
      { name: 'source', digest: { gitCommit: commit } },
      { name: 'https://mcp-repo.example.org/healthz', digest: { sha256: digest } },
    ],
    predicate: {
      id: idOf(startedMs, digest),
      kind,
      command: kind.replace('_', ' '),
      argv: [kind, '--service', SERVICES.join(','), '--timeout', '10s'],
      tool: { name: 'sophia', version: '1.0.0' },
      startedAt: new Date(startedMs).toISOString(),
      finishedAt: new Date(startedMs + durationMs).toISOString(),
      durationMs,
      ending: 'completed',
      findings,
      counts: countVerdicts(findings),
      result,
      exitCode: exitCodeOf(result),
      error: null,
      data: { services: SERVICES.length, slowestMs: 31 + (index % 900) },
      source: { repository: 'https://github.com/acme/app', commit, tree: digest.slice(24), ref: 'refs/heads/main', dirty: false, diffSha256: null },
      environment: {
        kind: 'github',
        os: 'linux-x64',
        node: 'v24.15.0',
        runId: String(19_581_234_567 + index),
        runAttempt: '1',
        job: kind,
        event: 'schedule',
        workflowRef: `acme/app/.github/workflows/${kind}.yml@refs/heads/main`,
        runnerEnvironment: 'github-hosted',
      },
      inputs: [{ name: 'sophia.yaml', digest: { sha256: sha256Of('configuration') }, sizeBytes: 412 }],
      attachments: [],
      views: [],
      ledger: null,
      links: [],
      redactions: [],
      truncated: [],
    },
  };
}

function findingOf(target: string, luck: number, digest: string): Finding {
  const durationMs = 20 + luck;
  if (luck !== 0) return { check: 'health', target, verdict: 'pass', reason: `healthy in ${durationMs} ms`, durationMs, observed: { status: 200, version: digest.slice(0, 12) }, expected: { status: 200 } };
  return { check: 'health', target, verdict: 'fail', reason: 'HTTP 200, but the body says "fail"', attempts: 2, durationMs, observed: { health: 'fail' }, expected: { health: 'pass' } };
}

/** The time, and 80 bits of the digest. */
function idOf(timeMs: number, digest: string): string {
  let value = (BigInt(timeMs) << 80n) | BigInt(`0x${digest.slice(0, 20)}`);
  let text = '';
  for (; text.length < 26; value >>= 5n) text = ALPHABET[Number(value & 31n)]! + text;
  return text;
}

// A run in the words of others: predicates of in-toto and SLSA, made of nothing but what the proof says. Where a run says
// something that such a predicate has no word for, there is none: it is not rounded up.
import { SophiaError } from '../../errors.ts';
import type { Json, JsonObject } from '../../outcome.ts';
import { SOURCE_SUBJECT, STATEMENT_TYPE, type Environment, type Predicate, type Statement } from '../statement.ts';

export const FOREIGN_PREDICATES = ['slsa', 'test-result', 'link', 'svr'] as const;
export type ForeignPredicate = (typeof FOREIGN_PREDICATES)[number];

/** A proof that holds. */
export interface Exported {
  readonly statement: Statement;
  /** From the project root. */
  readonly path: string;
  readonly sha256: string;
  /** A checkpoint of a ledger that holds covers it. */
  readonly isSealed: boolean;
  /** When that was seen: UTC, three decimals. */
  readonly verifiedAt: string;
}

/** The in-toto statement. Throws `EXPORT_IMPOSSIBLE`. */
export function toForeign(wanted: ForeignPredicate, exported: Exported): JsonObject {
  const { subject, predicateType, predicate } = FOREIGN[wanted](exported);
  return { _type: STATEMENT_TYPE, subject, predicateType, predicate };
}

interface Foreign {
  readonly subject: readonly Json[];
  readonly predicateType: string;
  readonly predicate: JsonObject;
}

const FOREIGN: { readonly [Name in ForeignPredicate]: (exported: Exported) => Foreign } = {
  slsa: toProvenance,
  'test-result': toTestResult,
  link: toLink,
  svr: toVerificationResult,
};

/** Source: slsa.dev/spec/v1.0/provenance. The run speaks for itself, not a platform for it: level 1 of the build track, at most. */
function toProvenance(exported: Exported): Foreign {
  const { predicate } = exported.statement;
  const { command, argv, source, environment, inputs, tool, startedAt, finishedAt } = predicate;
  return {
    subject: productsOf(exported),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'urn:sophia:build:run:v1',
        externalParameters: {
          command,
          argv,
          ...present({ repository: source?.repository, ref: source?.ref, workflow: environment.workflowRef }),
        },
        internalParameters: { environment: { ...environment } },
        resolvedDependencies: [...materialsOf(predicate), ...inputs.map(({ name, digest }) => ({ name, digest: { ...digest } }))],
      },
      runDetails: {
        builder: { id: builderOf(environment), version: { [tool.name]: tool.version, node: environment.node } },
        metadata: { invocationId: runUrlOf(predicate) ?? `urn:ulid:${predicate.id}`, startedOn: startedAt, finishedOn: finishedAt },
        byproducts: [proofOf(exported)],
      },
    },
  };
}

/** Source: in-toto/attestation spec/predicates/test-result.md. It has no word for a run from which nothing can be concluded. */
function toTestResult(exported: Exported): Foreign {
  const { predicate } = exported.statement;
  const { result, findings, inputs } = predicate;
  if (result === 'UNKNOWN')
    throw new SophiaError('EXPORT_IMPOSSIBLE', {
      path: exported.path,
      what: 'test-result',
      problem: 'its result is UNKNOWN, and a test-result is PASSED, WARNED or FAILED',
    });
  const named = (...verdicts: readonly string[]): readonly string[] =>
    findings.filter(({ verdict }) => verdicts.includes(verdict)).map(({ check, target }) => `${check} ${target}`);
  return {
    subject: subjectsOf(exported.statement),
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result,
      configuration: inputs.map(({ name, digest }) => ({ name, digest: { ...digest } })),
      ...present({ url: runUrlOf(predicate) }),
      passedTests: named('pass'),
      warnedTests: named('warn', 'flaky'),
      failedTests: named('fail'),
    },
  };
}

/** Source: in-toto/attestation spec/predicates/link.md, v0.3. */
function toLink(exported: Exported): Foreign {
  const { predicate } = exported.statement;
  const { kind, argv, tool, inputs, exitCode, result, environment } = predicate;
  const materials = [...materialsOf(predicate), ...inputs.map(({ name, digest }) => ({ name, digest: { ...digest } }))];
  return {
    subject: productsOf(exported),
    predicateType: 'https://in-toto.io/attestation/link/v0.3',
    predicate: {
      name: kind,
      command: [tool.name, ...argv],
      materials,
      byproducts: { 'return-value': exitCode, result, proof: proofOf(exported) },
      environment: { ...environment },
    },
  };
}

/** Source: in-toto/attestation spec/predicates/svr.md, v0.1. Only what passed is a property: a run that failed has fewer. */
function toVerificationResult(exported: Exported): Foreign {
  const { statement, isSealed, verifiedAt } = exported;
  const { kind, result, tool } = statement.predicate;
  const hasPassed = result === 'PASSED' || result === 'WARNED';
  return {
    subject: [...subjectsOf(statement), proofOf(exported)],
    predicateType: 'https://in-toto.io/attestation/svr/v0.1',
    predicate: {
      verifier: { id: 'urn:sophia:verifier:v1', version: { [tool.name]: tool.version } },
      timeCreated: verifiedAt,
      properties: [
        'SOPHIA_PROOF_HOLDS',
        ...(isSealed ? ['SOPHIA_PROOF_SEALED'] : []),
        ...(hasPassed ? [`SOPHIA_${kind.toUpperCase()}_${result}`] : []),
      ],
    },
  };
}

/** Files that the run left; of a run that left none, its proof. */
function productsOf(exported: Exported): readonly Json[] {
  const { predicate } = exported.statement;
  const files = new Set([...predicate.attachments, ...predicate.views].map(({ path }) => path));
  const products = subjectsOf(exported.statement).filter(({ name }) => files.has(name));
  return products.length > 0 ? products : [proofOf(exported)];
}

function subjectsOf({ subject }: Statement): readonly (JsonObject & { readonly name: string })[] {
  return subject.map(({ name, digest }) => ({ name, digest: { ...digest } }));
}

function proofOf({ path, sha256 }: Exported): JsonObject {
  return { name: path, digest: { sha256 }, mediaType: 'application/vnd.in-toto+json' };
}

/** The commit, where there is one. */
function materialsOf({ source }: Predicate): readonly JsonObject[] {
  const commit = source?.commit ?? null;
  if (source === null || commit === null) return [];
  const { repository, ref } = source;
  const uri = repository === null ? undefined : `git+${repository}${ref === null ? '' : `@${ref}`}`;
  return [{ name: SOURCE_SUBJECT, ...present({ uri }), digest: { gitCommit: commit } }];
}

function builderOf({ kind, runnerEnvironment }: Environment): string {
  if (kind === 'local') return 'urn:sophia:builder:local';
  return `https://github.com/actions/runner/${runnerEnvironment === 'github-hosted' ? 'github-hosted' : 'self-hosted'}`;
}

function runUrlOf({ source, environment: { kind, runId, runAttempt } }: Predicate): string | undefined {
  const repository = source?.repository ?? null;
  if (kind !== 'github' || repository === null || runId === undefined) return undefined;
  return `${repository}/actions/runs/${runId}${runAttempt === undefined ? '' : `/attempts/${runAttempt}`}`;
}

function present(facts: { readonly [name: string]: string | null | undefined }): JsonObject {
  const known: { [name: string]: string } = {};
  for (const [name, fact] of Object.entries(facts)) if (typeof fact === 'string') known[name] = fact;
  return known;
}

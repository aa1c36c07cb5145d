// A statement with every optional part in it, so that a change of any place can be tried.
import type { Statement } from '../../src/proof/statement.ts';

const ID = '01M80K4KWV7Q2M9XC4W0RZ5T8A';
const FOLDER = 'smoke/2026/11/22';
const SHA256 = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';

export const sampleStatement: Statement = {
  _type: 'https://in-toto.io/Statement/v1',
  predicateType: 'urn:sophia:proof:run:v1',
  subject: [
    { name: 'source', digest: { gitCommit: '5d1f0c3a5d1f0c3a5d1f0c3a5d1f0c3a5d1f0c3a' } },
    { name: `${FOLDER}/${ID}.mcp-context.body`, digest: { sha256: SHA256 } },
    { name: 'healthz/mcp-repo.txt', digest: { sha256: SHA256 } },
  ],
  predicate: {
    id: ID,
    kind: 'smoke',
    command: 'smoke',
    argv: ['smoke', '--service', 'mcp-repo,mcp-context'],
    tool: { name: 'sophia', version: '1.0.0' },
    startedAt: '2026-11-22T03:00:04.123Z',
    finishedAt: '2026-11-22T03:00:05.391Z',
    durationMs: 1268,
    ending: 'stopped',
    findings: [
      {
        check: 'health',
        target: 'mcp-repo',
        verdict: 'pass',
        reason: 'healthy in 31 ms',
        durationMs: 31,
        attempts: 1,
        observed: { status: 200 },
        expected: { status: 200 },
        tries: [{ status: 200 }],
        code: 'X',
        location: { file: 'sophia.yaml', line: 1, column: 1 },
      },
      { check: 'run-completed', target: 'run', verdict: 'unknown', reason: 'stopped: The program failed', code: 'TOOL_FAILED' },
    ],
    counts: { pass: 1, flaky: 0, warn: 0, fail: 0, unknown: 1, blocked: 0, skipped: 0, total: 2 },
    result: 'UNKNOWN',
    exitCode: 3,
    error: {
      type: 'urn:sophia:error:TOOL_FAILED',
      code: 'TOOL_FAILED',
      title: 'The program failed',
      status: 502,
      detail: '',
      hint: '',
      retryable: false,
      errors: [{ line: 1 }],
    },
    data: { files: 3 },
    source: {
      repository: 'https://github.com/acme/app',
      commit: '5d1f0c3a5d1f0c3a5d1f0c3a5d1f0c3a5d1f0c3a',
      tree: '5d1f0c3a5d1f0c3a5d1f0c3a5d1f0c3a5d1f0c3a',
      ref: 'refs/heads/main',
      dirty: true,
      diffSha256: SHA256,
    },
    environment: {
      kind: 'github',
      os: 'linux-x64',
      node: 'v24.15.0',
      runId: '1',
      runAttempt: '1',
      job: 'smoke',
      event: 'schedule',
      workflowRef: 'x',
      runnerEnvironment: 'github-hosted',
    },
    inputs: [{ name: 'sophia.yaml', digest: { sha256: SHA256 }, sizeBytes: 412 }],
    attachments: [{ path: `${FOLDER}/${ID}.mcp-context.body`, mediaType: 'application/json', sizeBytes: 61 }],
    views: [{ path: 'healthz/mcp-repo.txt', sizeBytes: 203 }],
    ledger: { origin: 'github.com/acme/app/proofs', size: 418, root: 'ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=' },
    links: [{ rel: 'follows', proof: `${FOLDER}/${ID}.json`, sha256: SHA256 }],
    redactions: [{ path: '/predicate/argv/2', reason: 'env:A_TOKEN', count: 1 }],
    truncated: [{ path: 'x', sizeBytes: 1, sha256: SHA256 }],
  },
};

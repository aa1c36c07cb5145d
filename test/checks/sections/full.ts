// Every key of the operations part of sophia.yaml, once.
import fs from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { registry, sections } from '../../../src/commands/registry.generated.ts';
import { SophiaError } from '../../../src/errors.ts';
import { readConfig } from '../../../src/faces/config.ts';
import type { Config } from '../../../src/section.ts';
import { contextFor } from '../../fakes/context.ts';

export const FULL = `version: 1
defaults: {timeout: 10s, connect_timeout: 3s, retries: {network: 2, backoff: 500ms..5s}, max_body: 1MiB, family: any, user_agent: sophia}
origins: {dashboard: '\${env.DASHBOARD_ORIGIN}'}
control: [https://status.example/]
schedule: {smoke: {every: 1d, grace: 12h}}
services:
  mcp-context:
    url: http://127.0.0.1:8080
    deploy: {kind: compose, service: context, optional: 'runs on the desk'}
    version: {header: x-commit, equals: '1234567'}
  mcp-legacy:
    url: http://legacy.internal
    insecure: 'inside the private network'
    deploy: {kind: command, argv: [./status.sh, --json]}
    skip: 'is switched off in December'
  store:
    deploy: {kind: kube, namespace: data, deployment: store}
    checks: [{id: port, tcp: 'db.internal:5432', skip: 'closed until the move'}]
  mcp-repo:
    title: Repository MCP
    url: https://sophiaai-mcp-repo.fly.dev
    deploy: {kind: fly, app: sophiaai-mcp-repo}
    ready:  {within: 120s, every: 2s, passes: 2}
    health: {path: /healthz, at: $.status, pass: [ok, pass, up, healthy], warn: [warn, degraded], fail: [fail, down, error, unhealthy]}
    version: {path: /healthz, at: $.commit, equals: '\${deploy.sha}', samples: 5}
    metrics: {path: /metrics, format: auto}
    tls: {min_days: 7, warn_days: 21, ca: ./ca.pem}
    needs: [mcp-context]
    checks:
      - id: tree
        get: /repo/tree
        headers: {authorization: 'Bearer \${env.REPO_TOKEN}'}
        expect:
          status: 200
          type: application/json
          headers: {cache-control: {matches: 'no-store'}, x-powered-by: {absent: true}}
          json: {$.entries: {type: array, min_items: 1}, $.commit: {matches: '^[0-9a-f]{40}$'}, $.at: {newer_than: 36h}}
          text: {contains: [a], lacks: [b], matches: [c]}
          schema: ./tree.schema.json
          time: {total: 2s, ttfb: 1s}
        capture: {first: '$.entries[0].path'}
      - {id: file, get: '/repo/file/\${capture.first}', needs: [tree]}
      - {id: login, get: /private, expect: {redirect: /login}}
      - {id: needs-auth, post: /v1/search, body: {json: {q: test}}, expect: {status: 401}}
      - {id: cors, cors: {path: /repo/tree, origin: dashboard, method: POST, headers: [content-type], credentials: true, denies: 'https://evil.invalid'}}
      - {id: port, tcp: 'db.internal:5432'}
      - {id: name, dns: {name: sophia.example, type: A, includes: ['203.0.113.7']}}
      - {id: cert, tls: {host: sophia.example, port: 443, min_days: 14}}
slos:
  - {id: repo-avail, service: mcp-repo, check: tree, indicator: availability, target: '0.95', window: 30d,
     samples: {per_run: 60, rate: 10}, missing: bad, since: 2026-11-01}
  - {id: repo-p95, service: mcp-repo, check: tree, indicator: latency, under: 800ms, target: '0.95', window: 30d}
incidents: {after: 2, labels: [incident]}
`;

export type Read = (text: string) => Promise<Config>;

/** Reads texts as sophia.yaml, with all sections there are. */
export async function configReader(t: TestContext): Promise<Read> {
  const context = contextFor(t);
  const command = await registry[0]!.load();
  return async (text) => {
    fs.writeFileSync(path.join(context.directory, 'sophia.yaml'), text);
    return (await readConfig(context, { path: undefined, command, registry, sections })).config;
  };
}

/** What is wrong with a text, as a person reads it. Throws what is no coded error of the configuration. */
export async function problemsOf(read: Read, text: string): Promise<readonly string[]> {
  try {
    await read(text);
    return [];
  } catch (error) {
    if (!(error instanceof SophiaError) || error.code !== 'CONFIG_INVALID' || error.exitCode !== 2) throw error;
    return error.errors.map(({ message }) => message as string);
  }
}

/** The full text with one part of it, which must be there once, written in another way. */
export function edited(from: string, to: string): string {
  const [before, after, ...more] = FULL.split(from);
  if (after === undefined || more.length > 0) throw new TypeError(`"${from}" must be in the text once`);
  return `${before!}${to}${after}`;
}

// Everything that can be wrong with a service, at once, asked by the real program in one run: each is found, and by its own name.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import type { Finding } from '../../../src/outcome.ts';
import { temporaryFolder } from '../../fakes/context.ts';
import { authority } from '../../fakes/faults/certificates.ts';
import { toSophiaYaml, type Faulty } from '../../fakes/faults/fault.ts';
import { FAULTS, startHealthy, startHealthyTls } from '../../fakes/faults/fault-server.ts';
import { startSophia, write } from '../sophia.ts';

const HEALTHY = { healthy: startHealthy, 'healthy-tls': startHealthyTls } as const;

suite('smoke over all faults', () => {
  const sites = new Map<string, Faulty>();
  const folder = temporaryFolder({ after });
  let findings: readonly Finding[] = [];
  let exitCode: number | null = null;

  before(async () => {
    for (const fault of FAULTS) sites.set(fault.name, await fault.start());
    for (const [name, start] of Object.entries(HEALTHY)) sites.set(name, await start());
    const services = Object.fromEntries([...sites].map(([name, { service }]) => [name, service]));
    // Longer than alone: so many at once keep one machine busy.
    const limits = { timeoutMs: 3000, connectTimeoutMs: 2000, family: 'any' } as const;
    write(folder, { 'sophia.yaml': toSophiaYaml(services, limits), 'ca.pem': (await authority()).cert });
    // Not waited for synchronously: the servers live in this thread.
    const run = startSophia({ cwd: folder }, 'smoke', '--json');
    findings = (JSON.parse(await text(run.child.stdout!)) as { findings: readonly Finding[] }).findings;
    exitCode = await run.closed;
  });
  after(() => Promise.all([...sites.values()].map((site) => site.close())));

  for (const { name, group, expect } of FAULTS) {
    test(`${group}: ${name} is ${expect.verdict} ${expect.code}`, () => {
      const found = findings.find(({ target, check }) => target === name && check === expect.check);
      assert.deepEqual([found?.verdict, found?.code], [expect.verdict, expect.code], found?.reason);
      const others = findings.filter(({ target, check, verdict }) => target === name && check !== expect.check && verdict !== 'pass');
      // What is wrong with a certificate is met wherever one is shown; nothing else is found twice, or under two names.
      assert.deepEqual(
        others.map(({ check, code }) => [check, code]),
        group === 'tls' && expect.check === 'health' ? [['tls', expect.code]] : [],
      );
    });
  }

  for (const name of Object.keys(HEALTHY)) {
    test(`nothing is found where nothing is wrong: ${name}`, () => {
      const own = findings.filter(({ target }) => target === name);
      assert.ok(own.length > 0);
      assert.deepEqual(
        own.filter(({ verdict }) => verdict !== 'pass'),
        [],
      );
    });
  }

  test('the run fails, and says of each finding which line of sophia.yaml asked', () => {
    assert.equal(exitCode, 1);
    for (const { location } of findings) assert.equal(path.basename(location?.file ?? ''), 'sophia.yaml');
  });

  test('no request was sent over a connection whose certificate was refused', () => {
    const refused = FAULTS.filter(({ group, expect }) => group === 'tls' && expect.check === 'health');
    assert.ok(refused.length > 0);
    for (const { name } of refused) assert.deepEqual(sites.get(name)?.requests, [], name);
  });

  test('an error page is not kept as metrics', () => {
    const views = fs.readdirSync(path.join(folder, 'proofs/metrics')).filter((file) => /^metrics-(html|error-object)_/.test(file));
    assert.equal(views.length, 2);
    for (const view of views) {
      const { counters, latencies, slo } = JSON.parse(fs.readFileSync(path.join(folder, 'proofs/metrics', view), 'utf8')) as Record<
        string,
        unknown
      >;
      assert.deepEqual({ counters, latencies, slo }, { counters: null, latencies: null, slo: null });
    }
  });
});

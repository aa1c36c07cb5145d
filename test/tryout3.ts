import { mkdirSync, writeFileSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { createContext } from '../src/platform/context.ts';
import { inspectProofs } from '../src/proof/inspect.ts';
import { serialize } from '../src/proof/canonical.ts';
import { pathOf } from '../src/proof/path-law.ts';
import { nextUlid } from '../src/proof/ulid.ts';
import { recordRun } from '../src/proof/record.ts';
const dir = '/tmp/bench20k';
const c = createContext({ directory: dir, env: {}, signal: new AbortController().signal, log: { write: () => {}, isTerminal: false, columns: 80, level: 'quiet' }, commands: async () => [] });
if (!c.files.exists(dir)) {
  mkdirSync(dir);
  const r = await recordRun(c, { kind: 'smoke', command: 'smoke', argv: ['smoke'] }, async (run) => { for (let i = 0; i < 6; i++) run.record.find({ check: 'health', target: 'service-' + i, verdict: 'pass', reason: `healthy in ${i} ms`, observed: { status: 200, health: 'pass' }, expected: { status: 200 } }); });
  const base = JSON.parse(c.files.readText(`${dir}/${r.proof!.path}`));
  let now = Date.now() - 30 * 86400_000;
  const clock = { ...c.clock, now: () => (now += 120_000) };
  for (let i = 0; i < 20_000; i++) {
    const { id, timeMs } = nextUlid(clock, c.machine);
    base.predicate.id = id; base.predicate.startedAt = base.predicate.finishedAt = new Date(timeMs).toISOString();
    const p = `${dir}/proofs/${pathOf({ kind: 'smoke', id })}`;
    mkdirSync(p.slice(0, p.lastIndexOf('/')), { recursive: true });
    writeFileSync(p, serialize(base));
  }
}
const t = process.cpuUsage(); const w = performance.now();
const result = await inspectProofs(c, { proofs: `${dir}/proofs` });
const u = process.cpuUsage(t);
console.log(result.holding.length, result.flaws.slice(0, 3), 'cpu', (u.user + u.system) / 1e6, 'wall', (performance.now() - w) / 1e3, 'total cpu', process.cpuUsage(), 'rss', process.memoryUsage().rss / 1e6, process.resourceUsage().maxRSS / 1e3);

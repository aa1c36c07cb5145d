// A service to be checked, in a process of its own so that what it costs is nobody's figure. Prints its port, ends with its stdin.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';

const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const BODIES: Readonly<Record<string, string>> = {
  '/healthz': JSON.stringify({ status: 'ok', commit: COMMIT }),
  '/metrics': JSON.stringify({
    counters: { requests_total: 1000, errors_total: 10 },
    latencies: { p50: 12, p95: 40, p99: 80 },
    slo: { error_rate: 0.01, target: 0.05 },
    unit: 'ms',
  }),
  '/tree': JSON.stringify({
    commit: COMMIT,
    at: new Date().toISOString(),
    entries: Array.from({ length: 20 }, (_, index) => ({ path: `src/file-${index}.ts`, size: index * 100 })),
  }),
};

const server = createServer((request, response) => {
  const body = BODIES[request.url ?? ''];
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(body ?? '{}');
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.on('end', () => process.exit()).resume();

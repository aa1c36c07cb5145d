// `node bench/operations/bare.ts URL COUNT`: the least that asking costs here, a request of node:http on a connection of its own, eight at
// once, its body read and nothing judged. Prints JSON: CPU milliseconds of this process for one of them, its start left out.
import http from 'node:http';
import process from 'node:process';

const CONCURRENCY = 8;
const WARM_UP = 200;

const [url = '', count = '0'] = process.argv.slice(2);

await ask(WARM_UP);
const before = process.cpuUsage();
await ask(Number(count));
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${JSON.stringify({ cpuMs: (user + system) / 1000 / Number(count) })}\n`);

async function ask(requests: number): Promise<void> {
  let left = requests;
  const askOn = async (): Promise<void> => {
    while (left-- > 0) await get();
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, askOn));
}

async function get(): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  http.get(`${url}/tree`, { agent: false }, (response) => response.on('end', resolve).resume()).on('error', reject);
  await promise;
}

// `node bench/operations/checking.ts URL COUNT`: so many checks of five assertions, eight at once, as smoke asks and judges them.
// Prints JSON: CPU milliseconds of this process for one of them, its start left out, and how many passed.
import process from 'node:process';
import { judgePlan } from '../../src/checks/judge.ts';
import { planOf } from '../../src/checks/planning.ts';
import { readOperations } from '../../src/checks/reading.ts';
import type { Operations } from '../../src/checks/service.ts';
import { askPlan, type Learnt } from '../../src/operations/asking/asking.ts';
import { createSession } from '../../src/operations/asking/session.ts';
import { createContext } from '../../src/platform/context.ts';
import { configOf } from '../../src/section.ts';

const CONCURRENCY = 8;
const WARM_UP = 200;

const [url = '', count = '0'] = process.argv.slice(2);
const context = createContext({
  directory: '.',
  env: process.env,
  signal: new AbortController().signal,
  commands: () => Promise.resolve([]),
  log: { write: () => {}, isTerminal: false, columns: 80, level: 'quiet' },
});

await check(WARM_UP);
const before = process.cpuUsage();
const passed = await check(Number(count));
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${JSON.stringify({ cpuMs: (user + system) / 1000 / Number(count), passed })}\n`);

async function check(checks: number): Promise<number> {
  const operations = operationsOf(checks);
  const { defaults } = operations;
  const plan = planOf({
    operations,
    services: ['tree'],
    env: {},
    expectedCommit: null,
    isDeploy: false,
    nowMs: context.clock.now(),
    fileText: () => '',
    locate: () => null,
  });
  const session = createSession(context, { concurrency: CONCURRENCY, control: [], defaults });
  const learnt: Learnt = new Map();
  await askPlan(session, plan, learnt);
  await session.control.settle();
  const findings = judgePlan(plan, learnt, (answer) => session.control.isHeld(answer));
  return findings.filter(({ check: id, verdict }) => id.startsWith('c') && verdict === 'pass').length;
}

function operationsOf(checks: number): Operations {
  const services = { tree: { url, checks: Array.from({ length: checks }, (_, index) => checkOf(`c${index}`)) } };
  return readOperations(configOf(new Map([['services', services]])));
}

function checkOf(id: string): object {
  const json = {
    '$.entries': { type: 'array', min_items: 1 },
    '$.commit': { matches: '^[0-9a-f]{40}$' },
    '$.entries[0].path': 'src/file-0.ts',
  };
  return { id, get: '/tree', expect: { status: 200, headers: { 'cache-control': { matches: 'no-store' } }, json } };
}

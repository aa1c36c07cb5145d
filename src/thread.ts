// The other start of the program: a thread that does one kind of task for the process that started it. It writes nothing.
import process from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import type { ReadTask } from './index/read-in-threads.ts';
import type { Read } from './index/reading.ts';
import { createContext } from './platform/context.ts';

const TASKS: Readonly<Record<string, (input: ReadTask) => Promise<readonly Read[]>>> = { 'read-documents': readDocuments };

const { task } = workerData as { task: string };
parentPort?.on('message', (input: ReadTask) => {
  TASKS[task]!(input).then(
    (output) => parentPort?.postMessage({ output }),
    (error: unknown) => parentPort?.postMessage({ error }),
  );
});

async function readDocuments({ entries, request }: ReadTask): Promise<readonly Read[]> {
  const reading = await import('./index/reading.ts');
  const context = createContext({
    directory: request.root,
    env: process.env,
    signal: new AbortController().signal,
    commands: () => Promise.resolve([]),
    log: { write: () => {}, isTerminal: false, columns: 80, level: 'quiet' },
  });
  return await Array.fromAsync(reading.readDocuments(context, entries, request));
}

// Threads. A task is one of the functions of src/tasks.ts, named; what it gets and returns is cloned or transferred.
import { Worker } from 'node:worker_threads';
import type { WorkerPool, Workers } from '../context.ts';

export const workers: Workers = {
  start: <Input, Output>(task: string, count: number) => new Pool<Input, Output>(task, count),
};

interface Job<Input, Output> {
  readonly input: Input;
  readonly resolve: (output: Output) => void;
  readonly reject: (error: Error) => void;
}

type Reply<Output> = { readonly output: Output } | { readonly error: Error };

class Pool<Input, Output> implements WorkerPool<Input, Output> {
  readonly #threads: Worker[];
  readonly #idle: Worker[];
  readonly #waiting: Job<Input, Output>[] = [];
  readonly #running = new Map<Worker, Job<Input, Output>>();

  constructor(task: string, count: number) {
    this.#threads = Array.from({ length: count }, () => this.#start(task));
    this.#idle = [...this.#threads];
  }

  run(input: Input): Promise<Output> {
    const { promise, resolve, reject } = Promise.withResolvers<Output>();
    this.#waiting.push({ input, resolve, reject });
    this.#assign();
    return promise;
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.terminate()));
  }

  #start(task: string): Worker {
    // The thread's module has the suffix of this one: .ts in a checkout, .js in dist.
    const thread = new Worker(new URL(import.meta.url.endsWith('.ts') ? '../thread.ts' : './thread.js', import.meta.url), {
      workerData: { task },
    });
    thread.on('message', (reply: Reply<Output>) => this.#settle(thread, reply));
    thread.on('error', (error: Error) => this.#settle(thread, { error }));
    thread.unref();
    return thread;
  }

  #assign(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const thread = this.#idle.pop()!;
      const job = this.#waiting.shift()!;
      this.#running.set(thread, job);
      thread.ref();
      thread.postMessage(job.input);
    }
  }

  #settle(thread: Worker, reply: Reply<Output>): void {
    const job = this.#running.get(thread);
    this.#running.delete(thread);
    thread.unref();
    this.#idle.push(thread);
    if (job !== undefined) {
      if ('error' in reply) job.reject(reply.error);
      else job.resolve(reply.output);
    }
    this.#assign();
  }
}

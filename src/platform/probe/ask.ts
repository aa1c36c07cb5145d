// A question becomes an answer, whatever happens.
import type { Answer, Question } from '../../answer.ts';
import { askSystem } from './addresses.ts';
import { Deadline } from './deadline.ts';
import { Draft, type Course, type LookUp } from './draft.ts';
import type * as Http from './http.ts';
import type * as Tls from './tls.ts';
import { Troubled } from './trouble.ts';

export async function ask(question: Question, signal?: AbortSignal, lookUp: LookUp = askSystem): Promise<Answer> {
  // Before the clock starts: what loading takes is not part of the answer.
  const asking = await prepare(question);
  signal?.throwIfAborted();
  const draft = new Draft();
  const deadline = new Deadline(question.timeoutMs, signal);
  try {
    await asking({ draft, deadline, lookUp });
    return draft.finish(null);
  } catch (error) {
    if (error instanceof Troubled) return draft.finish(error.trouble);
    throw error;
  } finally {
    deadline.close();
  }
}

/** Kept, because even a module that is there already takes a while to import. */
const loaded: { http?: typeof Http; tls?: typeof Tls } = {};

async function prepare(question: Question): Promise<(course: Course) => Promise<void>> {
  switch (question.kind) {
    case 'http': {
      const { askHttp } = (loaded.http ??= await import('./http.ts'));
      const url = URL.parse(question.url);
      const { handshake = null } = url?.protocol === 'https:' ? (loaded.tls ??= await import('./tls.ts')) : {};
      return (course) => askHttp({ question, url, handshake }, course);
    }
    case 'tcp': {
      const { askTcp } = await import('./connection.ts');
      return (course) => askTcp(question, course);
    }
    case 'tls': {
      const { askTls } = await import('./tls.ts');
      return (course) => askTls(question, course);
    }
    default: {
      const { askDns } = await import('./dns.ts');
      return (course) => askDns(question, course);
    }
  }
}

// Is it them or is it us? A failure of the network counts against a service only where something shows that our own network is up.
import type { Answer, HttpQuestion, Question } from '../../answer.ts';

export interface Control {
  /** Of every exchange of the run: what answered shows that the network is up for the others. */
  note(question: Question, answer: Answer): void;
  /** Whether a failure in this answer is one of whom was asked. */
  readonly isHeld: (answer: Answer) => boolean;
  /** Asks the control URLs, once, and only where a failure depends on it. */
  settle(): Promise<void>;
}

export interface ControlRequest {
  /** One for each control URL. */
  readonly questions: readonly HttpQuestion[];
  readonly ask: (question: Question) => Promise<Answer>;
}

/** The system's own may answer from memory, and often sits on this machine: that it answers shows nothing about the network. */
const OWN_RESOLVER = '';

export function createControl({ questions, ask }: ControlRequest): Control {
  // Weakly: an answer that nobody needs any more takes its body with it.
  const hosts = new WeakMap<Answer, string>();
  const answering = new Set<string>();
  const silent = new Set<string>();
  let asking: Promise<void> | null = null;
  let hasControlAnswered = false;

  const isHostHeld = (host: string): boolean =>
    hasControlAnswered || isLoopback(host) || [...answering].some((other) => other !== host && !isLoopback(other));
  const askAll = async (): Promise<void> => {
    const answers = await Promise.all(questions.map(ask));
    hasControlAnswered = answers.some(hasAnswered);
  };

  return {
    note: (question, answer) => {
      const host = hostOf(question);
      hosts.set(answer, host);
      if (!hasAnswered(answer)) silent.add(host);
      else if (host !== OWN_RESOLVER) answering.add(host);
    },
    isHeld: (answer) => isHostHeld(hosts.get(answer) ?? OWN_RESOLVER),
    settle: async () => {
      if ([...silent].every(isHostHeld)) return;
      asking ??= askAll();
      await asking;
    },
  };
}

/** As in its address, lower case; of a question about a name, the server that is asked. */
export function hostOf(question: Question): string {
  switch (question.kind) {
    case 'http':
      return new URL(question.url).hostname.replace(/^\[(.*)\]$/, '$1');
    case 'tcp':
    case 'tls':
      return question.host.toLowerCase();
    case 'dns':
      return hostOfServer(question.server);
    default:
      return unreachable(question);
  }
}

function hostOfServer(server: string | null): string {
  if (server === null) return OWN_RESOLVER;
  return /^\[(.*)\]:\d+$/.exec(server)?.[1] ?? server.replace(/:\d+$/, '');
}

function isLoopback(host: string): boolean {
  return /^(?:.*\.)?localhost\.?$|^127(?:\.\d+){3}$|^::1$|^::ffff:127\./.test(host);
}

/** A word from the other side came over the network, whatever it said. */
function hasAnswered({ trouble, http, certificate, records }: Answer): boolean {
  return trouble === null || http !== null || certificate !== null || records !== null;
}

function unreachable(value: never): never {
  throw new TypeError(`a case was forgotten: ${JSON.stringify(value)}`);
}

// The port; what asks is loaded with the first question.
import type { Probe } from '../../context.ts';
import type * as Asking from './ask.ts';
import { watchLag } from './lag.ts';

let loaded: typeof Asking | undefined;

export const probe: Probe = {
  ask: async (question, signal) => {
    loaded ??= await import('./ask.ts');
    return loaded.ask(question, signal);
  },
  watchLag,
};

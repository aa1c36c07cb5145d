// Talk for people on stderr. Results never come here.
import type { Clock, Log } from '../context.ts';
import { duration, visible } from '../markdown.ts';

export interface LogOptions {
  readonly write: (text: string) => void;
  /** Bytes as they are; without it they are written as text. */
  readonly relay?: (bytes: Uint8Array) => Promise<void> | void;
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly level: 'quiet' | 'normal' | 'verbose';
  readonly clock: Clock;
}

const SILENT_MS = 1000;
const BAR_EVERY_MS = 100;
const LINE_EVERY_MS = 10_000;
const BAR_WIDTH = 24;

export function createLog(options: LogOptions): Log {
  const isQuiet = options.level === 'quiet';
  const say = (message: string): void => options.write(`${message.split('\n').map(visible).join('\n')}\n`);
  return {
    info: (message) => isQuiet || say(message),
    warn: (message) => isQuiet || say(`warning: ${message}`),
    debug: (message) => options.level === 'verbose' && say(message),
    relay: isQuiet ? () => {} : (options.relay ?? relayAsText(options.write)),
    progress: (label) => (isQuiet ? { update: () => {}, end: () => {} } : createProgress(label, options)),
  };
}

/** Letters may come in two pieces. */
function relayAsText(write: (text: string) => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  return (bytes) => write(decoder.decode(bytes, { stream: true }));
}

function createProgress(label: string, options: LogOptions) {
  const startedMs = options.clock.monotonicMs();
  const everyMs = options.isTerminal ? BAR_EVERY_MS : LINE_EVERY_MS;
  let lastMs = startedMs + SILENT_MS - everyMs;
  let isShown = false;
  return {
    update: (done: number, total: number) => {
      const now = options.clock.monotonicMs();
      if (now - lastMs < everyMs) return;
      lastMs = now;
      isShown = true;
      const line = `${label} ${done}/${total}, ${duration(now - startedMs)}`;
      options.write(options.isTerminal ? `\r\u001B[2K${bar(done, total)} ${line}`.slice(0, options.columns + 5) : `${line}\n`);
    },
    end: () => {
      if (isShown && options.isTerminal) options.write('\r\u001B[2K');
    },
  };
}

function bar(done: number, total: number): string {
  const filled = total === 0 ? 0 : Math.round((Math.min(done, total) / total) * BAR_WIDTH);
  return `[${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}]`;
}

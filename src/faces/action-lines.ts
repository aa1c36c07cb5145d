// On a runner text is code: it obeys a line that starts with `::` after trimming, and `##[name]` anywhere in a line.
// Source: actions/runner, src/Runner.Common/ActionCommand.cs.

export interface LineWriter {
  write(text: string): void;
  /** Prints what is left of an unfinished line. */
  end(): void;
}

/** Whole lines only: `::` that arrives in two pieces is one mark to the runner. */
export function createLineWriter(print: (text: string) => void): LineWriter {
  let rest = '';
  return {
    write: (text) => {
      rest += text;
      const end = rest.lastIndexOf('\n') + 1;
      if (end > 0) print(disarm(rest.slice(0, end)));
      rest = rest.slice(end);
    },
    end: () => {
      if (rest !== '') print(disarm(rest));
      rest = '';
    },
  };
}

/** The marks stay readable and mean nothing. */
function disarm(text: string): string {
  // The runner ends lines at a lone CR too, and trims more than a newline's worth of white space.
  return text.replaceAll(/(^|[\r\n])([\s\u0085\u180E\u200B\uFEFF]*)::/g, String.raw`$1$2\::`).replaceAll('##[', String.raw`##\[`);
}

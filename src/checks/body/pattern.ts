// Regular expressions in time that grows with the text and no faster: the text is a stranger's, and `^(a+)+$` on thirty letters would
// keep the engine's own busy for minutes. All states of an automaton are followed at once (Thompson, 1968); single letters are still
// the engine's. Look-around and back references cannot be had this way, and are refused when sophia.yaml is read.
import { compile, run } from './automaton.ts';
import { readExpression, Refusal } from './expression.ts';

export interface Pattern {
  /** Whether it holds somewhere in the text; null for a text that is too long to say. */
  test(text: string): boolean | null;
}

/** A longer text would cost seconds where the pattern is large as well. */
export const MAX_MATCHED_LENGTH = 262_144;

type Compiled = Pattern | { readonly problem: string };

/** Every answer is compared with the same few patterns. */
const known = new Map<string, Compiled>();
const MAX_KNOWN = 500;

export function compilePattern(source: string): Compiled {
  const compiled = known.get(source) ?? compileSource(source);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(source, compiled);
  return compiled;
}

function compileSource(source: string): Compiled {
  try {
    const native = new RegExp(source, 'u');
    const program = compile(readExpression(native.source));
    return { test: (text) => (text.length > MAX_MATCHED_LENGTH ? null : run(program, text)) };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return { problem: thrown.message.replace(/^[^]*\/u?: /, '') };
    if (thrown instanceof Refusal) return { problem: thrown.message };
    throw thrown;
  }
}

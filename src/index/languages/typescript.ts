// TypeScript, TSX included: whether `<` opens an element is seen in the text, not in the extension.
import { scanEcmaScript } from '../scanning/ecmascript.ts';
import type { Language } from './language.ts';

export default {
  name: 'typescript',
  extensions: ['.ts', '.mts', '.cts', '.tsx'],
  interpreters: ['ts-node', 'tsx', 'deno', 'bun'],
  scan: scanEcmaScript,
} satisfies Language;

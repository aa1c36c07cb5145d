// JavaScript and JSX; Flow's types are read as TypeScript's.
import { scanEcmaScript } from '../scanning/ecmascript.ts';
import type { Language } from './language.ts';

export default {
  name: 'javascript',
  extensions: ['.js', '.mjs', '.cjs', '.jsx'],
  interpreters: ['node', 'nodejs'],
  scan: scanEcmaScript,
} satisfies Language;

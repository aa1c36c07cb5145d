// SCSS and Less: the languages that are compiled to CSS.
import type { Language } from './language.ts';
import { scanStyles } from '../scanning/stylesheet.ts';

export default {
  name: 'scss',
  extensions: ['.scss', '.less'],
  scan: (source) => scanStyles(source, { isCompiled: true }),
} satisfies Language;

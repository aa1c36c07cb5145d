// CSS, and what PostCSS reads as such.
import type { Language } from './language.ts';
import { scanStyles } from '../scanning/stylesheet.ts';

export default {
  name: 'css',
  extensions: ['.css', '.pcss'],
  scan: (source) => scanStyles(source, { isCompiled: false }),
} satisfies Language;

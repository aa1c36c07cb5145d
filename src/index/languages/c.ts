// C is scanned as C++: a header does not say which of the two it is, and the words of C++ mean something to the
// scanner only where C has no use for them (`class X {`, `namespace`, `template <`).
import cpp from './cpp.ts';
import type { Language } from './language.ts';

export default { name: 'c', extensions: ['.c', '.h'], scan: cpp.scan } satisfies Language;

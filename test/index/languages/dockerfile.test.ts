import dockerfile from '../../../src/index/languages/dockerfile.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(dockerfile, 'dockerfile.dockerfile', {
  symbols: [
    ['build', 'namespace', null, 4, 14, true],
    ['test-stage', 'namespace', null, 16, 17, true],
    ['last', 'namespace', null, 21, 23, true],
  ],
});

import markdown from '../../../src/index/languages/markdown.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(markdown, 'markdown.md', {
  symbols: [
    ['Title of two lines', 'heading', null, 6, 10, false],
    ['First code section', 'heading', null, 11, 30, false],
    ['Second link', 'heading', null, 31, 56, false],
    ['snake_case_name and bold * & key', 'heading', 'Second link', 42, 45, false],
    ['lazy', 'heading', 'Second link', 46, 55, false],
    ['Deep', 'heading', 'lazy', 55, 55, false],
    ['logo a|b gone', 'heading', 'Second link', 56, 56, false],
    ['1.2.0 - 2024-01-01', 'heading', null, 58, 60, false],
    ['Closes the item', 'heading', null, 61, 62, false],
  ],
});

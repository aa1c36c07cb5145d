import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { renderMarkdown } from '../../src/faces/terminal.ts';
import { codeBlock, table } from '../../src/markdown.ts';

test('what strangers wrote cannot steer a terminal: control characters are shown', async () => {
  const hostile = 'a\u001B[2Jb\u001B]0;title\u0007c\u009B31md\re\u202Ef';
  const shown = String.raw`a\x1b[2Jb\x1b]0;title\x07c\x9b31md\x0de\u202ef`;
  for (const markdown of [hostile, codeBlock(hostile), table(['name'], [[hostile]]), `# ${hostile}`]) {
    const text = await renderMarkdown(markdown, { hasColour: false });
    assert.ok(text.includes(shown), text);
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    assert.doesNotMatch(text, /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E]/);
  }
});

test('tabs and line breaks of a snippet stay what they are', async () => {
  assert.equal(await renderMarkdown(codeBlock('if x {\n\ty()\n}'), { hasColour: false }), '  if x {\n  \ty()\n  }');
});

test('marks become colour, and only where there is colour', async () => {
  const markdown = `# Title\n\n**FAILED** and **bold** with \`code\` | [link](https://example.com)\n\n${table(['verdict'], [['warn']])}`;
  const plain = await renderMarkdown(markdown, { hasColour: false });
  const coloured = await renderMarkdown(markdown, { hasColour: true });
  assert.equal(plain, 'Title\n\nFAILED and bold with code | link (https://example.com)\n\nverdict\nwarn');
  assert.equal(stripVTControlCharacters(coloured), plain);
  for (const painted of ['\u001B[1m\u001B[4mTitle', '\u001B[1mbold', '\u001B[36mcode', '\u001B[33mwarn', '\u001B[31mFAILED'])
    assert.ok(coloured.includes(painted), `${JSON.stringify(painted)} is not in ${JSON.stringify(coloured)}`);
});

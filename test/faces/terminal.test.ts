import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderMarkdown } from '../../src/faces/terminal.ts';
import { codeBlock, table } from '../../src/markdown.ts';

test('what strangers wrote cannot steer a terminal: control characters are shown', () => {
  const hostile = 'a\u001B[2Jb\u001B]0;title\u0007c\u009B31md\re\u202Ef';
  const shown = String.raw`a\u001b[2Jb\u001b]0;title\u0007c\u009b31md\u000de\u202ef`;
  for (const markdown of [hostile, codeBlock(hostile), table(['name'], [[hostile]]), `# ${hostile}`]) {
    const text = renderMarkdown(markdown, { hasColour: false });
    assert.ok(text.includes(shown), text);
    // oxlint-disable-next-line no-control-regex -- control characters are what this is about
    assert.doesNotMatch(text, /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E]/);
  }
});

test('tabs and line breaks of a snippet stay what they are', () => {
  assert.equal(renderMarkdown(codeBlock('if x {\n\ty()\n}'), { hasColour: false }), '  if x {\n  \ty()\n  }');
});

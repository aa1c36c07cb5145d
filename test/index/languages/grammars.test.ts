import { equal } from 'node:assert/strict';
import { it } from 'node:test';
import { grammarExtensions, loadGrammar } from '../../../src/index/languages/grammars.ts';
import { describeLanguage } from './contract.ts';

const powershell = (await loadGrammar('.ps1'))!;

describeLanguage(powershell, 'powershell.ps1', {
  symbols: [
    ['Get-Thing', 'function', null, 6, 11, true],
    ['Inner', 'function', 'Get-Thing', 8, 10, false],
    ['Select-Odd', 'function', null, 15, 15, true],
    ['Dog', 'class', null, 16, 21, true],
    ['Dog', 'method', 'Dog', 18, 18, true],
    ['Bark', 'method', 'Dog', 19, 20, true],
    ['Color', 'enum', null, 22, 24, true],
  ],
  imports: ['.\\Lib.psm1', 'ActiveDirectory', '$PSScriptRoot\\helpers.ps1'],
});

it('has no language for an extension without a grammar', async () => {
  equal(await loadGrammar('.ts'), null);
  equal(await loadGrammar('constructor'), null);
});

it('loads a grammar once, however often it is asked for', async () => {
  equal(await loadGrammar('.ps1'), await loadGrammar('.psm1'));
});

it('finds the wasm of every grammar and compiles its query', async () => {
  for (const extension of grammarExtensions) {
    equal((await loadGrammar(extension))!.scan(new Uint8Array()).symbols.length, 0, extension);
  }
});

it('counts lines, not characters, in text beyond ASCII', () => {
  const [symbol] = powershell.scan(Buffer.from('<# \u{1f600}é #>\r\nfunction Größe {\r\n}\r\n')).symbols;
  equal(`${symbol!.name} ${symbol!.line}-${symbol!.endLine}`, 'Größe 2-3');
});

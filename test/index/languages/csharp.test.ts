import csharp from '../../../src/index/languages/csharp.ts';
import { describeLanguage } from './contract.ts';

describeLanguage(csharp, 'csharp.cs', {
  imports: ['System', 'System.Math', 'Newtonsoft.Json.Linq', 'System.Linq'],
  symbols: [
    ['TRACE', 'constant', null, 1, 1, true],
    ['Demo.Core', 'namespace', null, 8, 53, true],
    ['Service', 'class', 'Demo.Core', 12, 46, true],
    ['Limit', 'constant', 'Demo.Core.Service', 14, 14, true],
    ['Other', 'constant', 'Demo.Core.Service', 14, 14, true],
    ['Table', 'constant', 'Demo.Core.Service', 15, 15, false],
    ['Service', 'method', 'Demo.Core.Service', 22, 22, true],
    ['~Service', 'method', 'Demo.Core.Service', 23, 23, false],
    ['Service', 'method', 'Demo.Core.Service', 24, 24, false],
    ['operator==', 'method', 'Demo.Core.Service', 25, 25, true],
    ['operator int', 'method', 'Demo.Core.Service', 26, 26, true],
    ['Beep', 'method', 'Demo.Core.Service', 27, 27, false],
    ['RunAsync', 'method', 'Demo.Core.Service', 28, 34, true],
    ['Pair', 'method', 'Demo.Core.Service', 35, 35, false],
    ['Dispose', 'method', 'Demo.Core.Service', 36, 36, false],
    ['Handler', 'type', 'Demo.Core.Service', 37, 37, true],
    ['Conditional', 'method', 'Demo.Core.Service', 39, 43, false],
    ['Conditional', 'method', 'Demo.Core.Service', 41, 41, false],
    ['Inner', 'class', 'Demo.Core.Service', 44, 44, false],
    ['Color', 'enum', 'Demo.Core.Service', 45, 45, true],
    ['Red', 'constant', 'Demo.Core.Service.Color', 45, 45, true],
    ['Green', 'constant', 'Demo.Core.Service.Color', 45, 45, true],
    ['Blue', 'constant', 'Demo.Core.Service.Color', 45, 45, true],
    ['IShape', 'interface', 'Demo.Core', 49, 49, false],
    ['Area', 'method', 'Demo.Core.IShape', 49, 49, true],
    ['Draw', 'method', 'Demo.Core.IShape', 49, 49, true],
    ['Person', 'class', 'Demo.Core', 50, 50, true],
    ['Point', 'class', 'Demo.Core', 51, 51, true],
    ['Sum', 'method', 'Demo.Core.Point', 51, 51, true],
    ['Extensions', 'class', 'Demo.Core', 52, 52, false],
    ['class', 'method', 'Demo.Core.Extensions', 52, 52, true],
  ],
});

describeLanguage(csharp, 'csharp-file.cs', {
  imports: ['System'],
  symbols: [
    ['Demo.Web', 'namespace', null, 3, 9, true],
    ['Page', 'class', 'Demo.Web', 5, 8, true],
    ['Show', 'method', 'Demo.Web.Page', 7, 7, true],
    ['Sum', 'type', 'Demo.Web', 9, 9, true],
  ],
});

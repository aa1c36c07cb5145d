// The truth for Python: the `ast` of the python3 at hand, asked once for all files.
//
// What counts as a symbol, for this side as for the scanner:
// - `class` and `def`, `async def` included, wherever they stand: method directly in a class (or under its if, try, with,
//   for), else function;
// - names bound by assignment or annotation in the module, also under its if, try, with, match: the first binding of each, kind
//   constant; function when a lambda is assigned to that one name. Not in loops, not by import, for, with or `:=`;
// - the same in a class, if the name is written in capitals; other attributes are fields;
// - `type X = …`.
// A symbol starts at its first word, decorators left out. The container is the path of enclosing classes and functions.
// Exported is what `__all__` lists when it is a plain list; without one, what has no leading underscore, nor anything that
// encloses it; what stands in a function is not. Members are exported with their class.
import { spawnSync } from 'node:child_process';
import type { Definition } from './typescript.ts';

const PROGRAM = `
import ast, json, sys, warnings
warnings.simplefilter('ignore')
sys.setrecursionlimit(20000)

def public(name):
    return not name.startswith('_') or (name.startswith('__') and name.endswith('__'))

def names(target):
    if isinstance(target, ast.Name): return [target]
    if isinstance(target, ast.Starred): return names(target.value)
    if isinstance(target, (ast.Tuple, ast.List)): return [n for e in target.elts for n in names(e)]
    return []

class Walk:
    def __init__(self): self.found = []; self.all = None
    def add(self, name, kind, node, end, path, open_, root):
        is_public = open_ and public(name)
        self.found.append([name, kind, '.'.join(path) or None, node.lineno, end.end_lineno, is_public, root if path else name, open_, is_public or (root is not None and public(name) and open_)])
        return is_public
    def body(self, nodes, kind, path, open_, root, seen, loop):
        for node in nodes: self.visit(node, kind, path, open_, root, seen, loop)
    def visit(self, node, kind, path, open_, root, seen, loop):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.add(node.name, 'method' if kind == 'class' else 'function', node, node, path, open_, root)
            self.body(node.body, 'function', path + [node.name], False, None, set(), False)
        elif isinstance(node, ast.ClassDef):
            is_public = self.add(node.name, 'class', node, node, path, open_, root)
            inner = (root if path else node.name) if kind != 'function' and open_ and (is_public or not path) else None
            self.body(node.body, 'class', path + [node.name], is_public, inner, set(), False)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and kind != 'function' and not loop:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                bound = names(target)
                for name in bound:
                    if kind == 'module' and name.id == '__all__': self.list(node.value)
                    if name.id in seen or (kind == 'class' and not (name.id.upper() == name.id != name.id.lower())): continue
                    seen.add(name.id)
                    is_lambda = kind == 'module' and len(bound) == 1 and target is targets[-1] and isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda)
                    self.add(name.id, 'function' if is_lambda else 'constant', name, node, path, open_, root)
        elif type(node).__name__ == 'TypeAlias':
            self.add(node.name.id, 'type', node, node, path, open_, root)
        else:
            inside = loop or isinstance(node, (ast.For, ast.AsyncFor, ast.While))
            for field in ('body', 'handlers', 'orelse', 'finalbody', 'cases'):
                value = getattr(node, field, None)
                if isinstance(value, list): self.body(value, kind, path, open_, root, seen, loop if field == 'orelse' else inside)
    def list(self, value):
        plain = isinstance(value, (ast.List, ast.Tuple)) and all(isinstance(e, ast.Constant) for e in value.elts)
        self.all = (self.all or set()) | {e.value for e in value.elts} if plain and self.all is not False else False
    def result(self):
        for f in self.found:
            if isinstance(self.all, set): f[5] = f[6] in self.all and (f[2] is None or f[8])
        return [f[:6] for f in self.found]

for path in json.load(sys.stdin):
    try:
        with open(path, 'rb') as file: tree = ast.parse(file.read())
        walk = Walk()
        walk.body(tree.body, 'module', [], True, None, set(), False)
        print(json.dumps(walk.result()))
    except (SyntaxError, ValueError, RecursionError, MemoryError, OSError): print('null')
`;

type Row = [name: string, kind: Definition['kind'], container: string | null, line: number, endLine: number, exported: boolean];

/** One list per file, null where Python itself finds no syntax; null for all when there is no python3. */
export function definitionsOfPython(paths: readonly string[]): (Definition[] | null)[] | null {
  const { error, status, stdout, stderr } = spawnSync('python3', ['-c', PROGRAM], {
    input: JSON.stringify(paths),
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (error !== undefined) return null;
  if (status !== 0) throw new Error(`python3 could not read the corpus: ${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as Row[] | null)?.map(toDefinition) ?? null);
}

function toDefinition([name, kind, container, line, endLine, exported]: Row): Definition {
  return { name, kind, container, line, endLine, exported };
}

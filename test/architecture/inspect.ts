// What a module imports and which of the machine's globals it reads: from TypeScript's own parser and binder, so that
// a word in a string, a comment, a property name or a local variable of the same name is never taken for a use.
import path from 'node:path';
import ts from 'typescript-5';

/** Repository-relative paths with `/`, and their text. */
export type Tree = ReadonlyMap<string, string>;

export interface Import {
  /** `type`: erased before anything runs. `computed`: an `import()` whose argument is no literal. */
  readonly kind: 'static' | 'dynamic' | 'type' | 'computed';
  readonly specifier: string;
  /** A path of the tree for relative specifiers, `node:fs` for a builtin, the package's name for anything else. */
  readonly target: string;
  /** What is taken by name; `default` and `*` included. */
  readonly names: readonly string[];
  readonly line: number;
}

export interface Use {
  /** A global with one member where there is one: `process`, `Date.now`, `new Date()`; `.files.replace` for a member of a port. */
  readonly name: string;
  readonly line: number;
}

export interface Module {
  readonly path: string;
  readonly imports: readonly Import[];
  readonly uses: readonly Use[];
}

const OPTIONS: ts.CompilerOptions = {
  noLib: true,
  noResolve: true,
  types: [],
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  noEmit: true,
};

/** Throws where a file does not parse: a module that cannot be read must not pass for a clean one. */
export function inspect(tree: Tree): Module[] {
  const host = ts.createCompilerHost(OPTIONS);
  host.getSourceFile = (name, target) => {
    const text = tree.get(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, target, true);
  };
  const program = ts.createProgram([...tree.keys()], OPTIONS, host);
  const checker = program.getTypeChecker();
  return [...tree.keys()].map((name) => {
    const file = program.getSourceFile(name);
    const problem = file === undefined ? undefined : program.getSyntacticDiagnostics(file)[0];
    if (file === undefined || problem !== undefined) {
      throw new SyntaxError(`${name}: ${problem === undefined ? 'not read' : ts.flattenDiagnosticMessageText(problem.messageText, ' ')}`);
    }
    return { path: name, ...read(file, checker) };
  });
}

function read(file: ts.SourceFile, checker: ts.TypeChecker): Pick<Module, 'imports' | 'uses'> {
  const imports: Import[] = [];
  const uses: Use[] = [];
  const lineOf = (node: ts.Node): number => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== null) imports.push({ ...found, target: resolve(file.fileName, found.specifier), line: lineOf(node) });
    const name = useOf(node, checker);
    if (name !== null) uses.push({ name, line: lineOf(node) });
    for (const member of takenMembers(node)) uses.push({ name: member, line: lineOf(node) });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { imports, uses };
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(from), specifier);
  if (specifier.startsWith('node:')) return specifier.split('/')[0]!;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

type Found = Pick<Import, 'kind' | 'specifier' | 'names'>;

function importOf(node: ts.Node): Found | null {
  if (ts.isImportDeclaration(node)) return fromDeclaration(node);
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) return fromReExport(node, node.moduleSpecifier);
  if (ts.isImportTypeNode(node)) {
    const literal = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
    return { kind: 'type', specifier: textOf(literal), names: [node.qualifier?.getText() ?? '*'] };
  }
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    return { kind: 'static', specifier: textOf(node.moduleReference.expression), names: ['*'] };
  }
  return ts.isCallExpression(node) ? fromCall(node) : null;
}

function fromDeclaration(node: ts.ImportDeclaration): Found {
  const clause = node.importClause;
  const bindings = clause?.namedBindings;
  const elements = bindings !== undefined && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
  const names = elements.map((element) => (element.propertyName ?? element.name).text);
  if (clause?.name !== undefined) names.push('default');
  if (bindings !== undefined && ts.isNamespaceImport(bindings)) names.push('*');
  const isErased = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  return { kind: isErased || isAllTypes(clause?.name, elements) ? 'type' : 'static', specifier: textOf(node.moduleSpecifier), names };
}

function isAllTypes(defaultName: ts.Identifier | undefined, elements: readonly ts.ImportSpecifier[]): boolean {
  return defaultName === undefined && elements.length > 0 && elements.every((element) => element.isTypeOnly);
}

function fromReExport(node: ts.ExportDeclaration, specifier: ts.Expression): Found {
  const clause = node.exportClause;
  const names =
    clause !== undefined && ts.isNamedExports(clause)
      ? clause.elements.map((element) => (element.propertyName ?? element.name).text)
      : ['*'];
  return { kind: node.isTypeOnly ? 'type' : 'static', specifier: textOf(specifier), names };
}

/** `import('x')`, `require('x')`, `process.getBuiltinModule('x')`, and what only locates: `import.meta.resolve('x')`, `require.resolve('x')`. */
function fromCall(node: ts.CallExpression): Found | null {
  const callee = node.expression.getText();
  const isLoad = /^(import|require|(globalThis\.)?process\.getBuiltinModule)$/.test(callee);
  if (!isLoad && !/^(require|import\.meta)\.resolve$/.test(callee)) return null;
  const argument = node.arguments[0];
  if (argument !== undefined && ts.isStringLiteralLike(argument)) return { kind: 'dynamic', specifier: argument.text, names: ['*'] };
  return isLoad ? { kind: 'computed', specifier: argument?.getText() ?? '', names: ['*'] } : null;
}

function textOf(node: ts.Node): string {
  return ts.isStringLiteralLike(node) ? node.text : node.getText();
}

/** The global that this node reads, or `.port.member`, or null. Types are not uses: they do not exist when the code runs. */
function useOf(node: ts.Node, checker: ts.TypeChecker): string | null {
  if (ts.isIdentifier(node) && isReference(node) && !isDeclared(node, checker)) return describe(node);
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? memberOf(node) : null;
}

/** Neither a name that is being given (declarations, properties, labels) nor a type. */
function isReference(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if ('name' in parent && parent.name === node) return false;
  if ('propertyName' in parent && parent.propertyName === node) return false;
  if ('label' in parent && parent.label === node) return false;
  return !ts.isPartOfTypeNode(node) && !ts.isQualifiedName(parent) && !ts.isTypeQueryNode(parent) && !ts.isExportSpecifier(parent);
}

function isDeclared(node: ts.Identifier, checker: ts.TypeChecker): boolean {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
  return symbol?.declarations !== undefined && symbol.declarations.length > 0;
}

/** `Date` alone says little: `new Date(ms)` is arithmetic, `new Date()` and `Date()` read the clock. */
function describe(node: ts.Identifier): string {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) return `${node.text}.${parent.name.text}`;
  if (ts.isElementAccessExpression(parent) && parent.expression === node && ts.isStringLiteralLike(parent.argumentExpression)) {
    return `${node.text}.${parent.argumentExpression.text}`;
  }
  if (ts.isNewExpression(parent) && parent.expression === node) return `new ${node.text}(${parent.arguments?.length ? '…' : ''})`;
  if (ts.isCallExpression(parent) && parent.expression === node) return `${node.text}()`;
  return node.text;
}

/** The last two names of a chain: `context.files.replace` and `files['replace']` are both `.files.replace`. */
function memberOf(node: ts.PropertyAccessExpression | ts.ElementAccessExpression): string | null {
  const member = nameOf(node);
  const owner = nameOf(node.expression);
  return member === null || owner === null ? null : `.${owner}.${member}`;
}

function nameOf(node: ts.Node): string | null {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) return node.argumentExpression.text;
  return ts.isNonNullExpression(node) || ts.isParenthesizedExpression(node) ? nameOf(node.expression) : null;
}

/** `const { replace } = context.files` takes `.files.replace`; `({ files: { replace } })` as well. */
function takenMembers(node: ts.Node): string[] {
  if (!ts.isObjectBindingPattern(node)) return [];
  const parent = node.parent;
  const source = ts.isVariableDeclaration(parent)
    ? parent.initializer
    : ts.isBindingElement(parent)
      ? (parent.propertyName ?? parent.name)
      : undefined;
  const owner = source === undefined ? null : nameOf(source);
  if (owner === null) return [];
  return node.elements.flatMap((element) => {
    const taken = element.propertyName ?? element.name;
    return ts.isIdentifier(taken) ? [`.${owner}.${taken.text}`] : [];
  });
}

// The truth for JavaScript and TypeScript: the syntax tree of TypeScript 5.9.
//
// What counts as a symbol, for this side as for the scanner:
// - declarations of functions, classes, interfaces, type aliases, enums and namespaces, wherever they stand, overloads and
//   ambient ones included; `export default` of a function or class without a name is called `default`;
// - methods, accessors and constructors of those classes, method signatures of interfaces, and properties whose value is a
//   function or arrow function (kind method); `static readonly` properties and members of enums (kind constant). No other
//   members: no fields, no members of type literals, of object literals or of classes inside expressions;
// - variables declared directly in the file or in a namespace, destructured ones too: kind function or class when the value
//   is a function or class, else constant. Not those whose value begins with `require(`: they are imports. No variables of
//   blocks and functions;
// - functions and classes assigned to a property: `exports.a =`, `module.exports =` and `A.prototype.b =` as a statement
//   anywhere, other chains of names (`a.b.c =`, not `this.b =`) between the statements of a file; in `a.b = 1, c.d = 2` only the first. `module.exports = function a`
//   is called `a`, or `exports` without a name. In a chain `a.b = c.d = function` the last target counts.
// The container is the path of the enclosing namespaces, classes, interfaces and functions that are symbols themselves.
// A symbol starts at its first modifier or word, decorators left out; variables after the first at their name.
// Exported is what has `export` in front, or stands in an `export { }`, `export default`, `export =`, `module.exports =` or
// `exports.x =` of the file; a member is exported with its class unless it is private, protected or `#private`.
import ts from 'typescript-5';
import type { CodeSymbol, SymbolKind } from '../../src/index/languages/language.ts';

export type Definition = Omit<CodeSymbol, 'signature'>;

/** Null when the parser finds errors: what it makes of such a file is a guess, no truth. */
export function definitionsOfTypeScript(path: string, text: string): Definition[] | null {
  const file = ts.createSourceFile(
    path,
    text,
    { languageVersion: ts.ScriptTarget.Latest, jsDocParsingMode: ts.JSDocParsingMode.ParseNone },
    true,
  );
  const { parseDiagnostics } = file as unknown as { parseDiagnostics: readonly unknown[] };
  return parseDiagnostics.length > 0 ? null : new Walk(file).run();
}

interface Place {
  readonly path: string | null;
  readonly exported: boolean;
  readonly isStatements: boolean;
}

class Walk {
  readonly #file: ts.SourceFile;
  readonly #found: { definition: Definition; root: string | null }[] = [];
  readonly #exportedNames = new Set<string>();
  readonly #scanner = ts.createScanner(ts.ScriptTarget.Latest, true);

  constructor(file: ts.SourceFile) {
    this.#file = file;
    this.#scanner.setText(file.text);
  }

  run(): Definition[] {
    this.#visitChildren(this.#file, { path: null, exported: false, isStatements: true });
    return this.#found.map(({ definition, root }) => ({
      ...definition,
      exported: definition.exported || (root !== null && this.#exportedNames.has(root)),
    }));
  }

  #visitChildren(node: ts.Node, place: Place): void {
    ts.forEachChild(node, (child) => this.#visit(child, place));
  }

  #visit(node: ts.Node, place: Place): void {
    const inside: Place = { ...place, isStatements: false };
    if (ts.isFunctionDeclaration(node)) this.#declaration(node, 'function', place);
    else if (ts.isClassDeclaration(node)) this.#declaration(node, 'class', place);
    else if (ts.isInterfaceDeclaration(node)) this.#declaration(node, 'interface', place);
    else if (ts.isTypeAliasDeclaration(node)) this.#declaration(node, 'type', place);
    else if (ts.isEnumDeclaration(node)) this.#declaration(node, 'enum', place);
    else if (ts.isModuleDeclaration(node)) this.#namespace(node, place);
    else if (ts.isVariableStatement(node) && place.isStatements) this.#variables(node, place);
    else if (ts.isExpressionStatement(node)) this.#assignment(node, place);
    else if (ts.isExportAssignment(node)) this.#exportAssignment(node, place);
    else if (ts.isExportDeclaration(node)) this.#exportList(node, place);
    else this.#visitChildren(node, inside);
  }

  #declaration(node: ts.DeclarationStatement | ts.ClassDeclaration, kind: SymbolKind, place: Place): void {
    const name = node.name?.getText(this.#file) ?? 'default';
    const exported = hasModifier(node, ts.SyntaxKind.ExportKeyword);
    const path = this.#add(node, { name, kind, start: this.#startOf(node), exported }, place);
    this.#visitInside(node, { path: kind === 'type' ? place.path : path, exported, isStatements: false });
  }

  #visitInside(node: ts.Node, place: Place): void {
    ts.forEachChild(node, (child) => {
      if ((ts.isClassLike(node) || ts.isInterfaceDeclaration(node)) && (ts.isClassElement(child) || ts.isTypeElement(child)))
        this.#member(child, place);
      else if (ts.isEnumMember(child)) this.#enumMember(child, place);
      else this.#visit(child, place);
    });
  }

  #namespace(node: ts.ModuleDeclaration, place: Place): void {
    const names = [node.name.text];
    let { body } = node;
    while (body !== undefined && ts.isModuleDeclaration(body)) {
      names.push(body.name.getText(this.#file));
      ({ body } = body);
    }
    const exported = hasModifier(node, ts.SyntaxKind.ExportKeyword);
    const path = this.#add(node, { name: names.join('.'), kind: 'namespace', start: this.#startOf(node), exported }, place);
    if (body !== undefined) this.#visitChildren(body, { path, exported, isStatements: true });
  }

  #member(node: ts.ClassElement | ts.TypeElement, place: Place): void {
    const isPublic = !hasModifier(node, ts.SyntaxKind.PrivateKeyword) && !hasModifier(node, ts.SyntaxKind.ProtectedKeyword);
    const value = ts.isPropertyDeclaration(node) ? node.initializer : undefined;
    const isMethod =
      ts.isMethodDeclaration(node) ||
      ts.isMethodSignature(node) ||
      ts.isAccessor(node) ||
      ts.isConstructorDeclaration(node) ||
      isFunction(value);
    const isConstant =
      hasModifier(node, ts.SyntaxKind.StaticKeyword) && hasModifier(node, ts.SyntaxKind.ReadonlyKeyword) && ts.isPropertyDeclaration(node);
    if (!isMethod && !isConstant) return this.#visitChildren(node, { ...place, isStatements: false });
    const name = node.name === undefined ? 'constructor' : ts.isStringLiteral(node.name) ? node.name.text : node.name.getText(this.#file);
    const exported = place.exported && isPublic && !name.startsWith('#');
    const kind = isMethod ? 'method' : 'constant';
    const mayExport = isPublic && !name.startsWith('#');
    const path = this.#add(node, { name, kind, start: this.#startOf(node), exported, mayExport }, place);
    this.#visitChildren(node, { path: isMethod ? path : place.path, exported: false, isStatements: false });
  }

  #enumMember(node: ts.EnumMember, place: Place): void {
    const name = ts.isStringLiteral(node.name) ? node.name.text : node.name.getText(this.#file);
    this.#add(node, { name, kind: 'constant', start: node.getStart(this.#file), exported: place.exported, mayExport: true }, place);
    this.#visitChildren(node, { ...place, isStatements: false });
  }

  #variables(node: ts.VariableStatement, place: Place): void {
    const exported = hasModifier(node, ts.SyntaxKind.ExportKeyword);
    for (const [index, { name, initializer, end }] of node.declarationList.declarations.entries()) {
      const start = index === 0 && ts.isIdentifier(name) ? this.#startOf(node) : name.getStart(this.#file);
      if (!startsWithRequire(initializer)) {
        if (!ts.isIdentifier(name))
          for (const bound of boundNames(name))
            this.#addAt(bound.getStart(this.#file), end, { name: bound.text, kind: 'constant', exported }, place);
        else this.#value(initializer, { name: name.text, start, end, exported, fallback: 'constant' }, place);
        if (!ts.isIdentifier(name)) this.#visitChildren(name, { ...place, isStatements: false });
      }
      if (initializer !== undefined && (!ts.isIdentifier(name) || startsWithRequire(initializer)))
        this.#visit(initializer, { ...place, isStatements: false });
    }
  }

  /** Adds the name when its value makes it a definition, and walks the value with that name as container. */
  #value(
    written: ts.Expression | undefined,
    named: { name: string; start: number; end: number; exported: boolean; fallback: SymbolKind | null; functionKind?: SymbolKind },
    place: Place,
  ): void {
    const value = written === undefined ? undefined : withoutAssertions(written);
    const kind = isFunction(value)
      ? (named.functionKind ?? 'function')
      : value !== undefined && ts.isClassExpression(value)
        ? 'class'
        : named.fallback;
    if (kind === null) return value === undefined ? undefined : this.#visit(value, { ...place, isStatements: false });
    const path = this.#addAt(named.start, named.end, { name: named.name, kind, exported: named.exported }, place);
    if (value === undefined) return;
    if (kind === 'class') this.#visitInside(value, { path, exported: named.exported, isStatements: false });
    else if (isFunction(value)) this.#visitChildren(value, { path, exported: false, isStatements: false });
    else this.#visit(value, { ...place, isStatements: false });
  }

  #assignment(statement: ts.ExpressionStatement, place: Place): void {
    let expression = firstOf(statement.expression);
    let target: ts.Expression | undefined;
    const start = statement.getStart(this.#file);
    while (ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken && isChain(expression.left)) {
      target = expression.left;
      expression = expression.right;
    }
    const chain = target?.getText(this.#file).split('.') ?? [];
    const isExports = chain[0] === 'exports' || (chain[0] === 'module' && chain[1] === 'exports');
    const isTarget =
      isExports || (chain.length > 2 && chain.at(-2) === 'prototype') || (place.isStatements && chain.length > 1 && chain[0] !== 'this');
    this.#visitOthers(statement.expression, place);
    if (!isTarget) return this.#visit(firstOf(statement.expression), { ...place, isStatements: false });
    if (isExports) this.#noteExports(expression, chain.length === (chain[0] === 'module' ? 2 : 1));
    const path = chain.filter((part) => part !== 'prototype').slice(isExports ? (chain[0] === 'module' ? 2 : 1) : 0);
    const own =
      (ts.isFunctionExpression(expression) || ts.isClassExpression(expression)) && expression.name !== undefined
        ? expression.name.text
        : 'exports';
    const name = path.pop() ?? own;
    const container = path.length > 0 ? path.join('.') : place.path;
    this.#value(
      expression,
      {
        name,
        start,
        end: statement.end,
        exported: isExports && path.length === 0,
        fallback: null,
        functionKind: path.length > 0 ? 'method' : 'function',
      },
      { ...place, path: container },
    );
  }

  /** Of `a, b, c` all but the first. */
  #visitOthers(node: ts.Expression, place: Place): void {
    for (let at = node; isComma(at); at = at.left) this.#visit(at.right, { ...place, isStatements: false });
  }

  #noteExports(value: ts.Expression, isWhole: boolean): void {
    const exported = withoutAssertions(value);
    if (ts.isIdentifier(exported)) this.#exportedNames.add(exported.text);
    if (!isWhole || !ts.isObjectLiteralExpression(value)) return;
    for (const property of value.properties) {
      if (ts.isShorthandPropertyAssignment(property)) this.#exportedNames.add(property.name.text);
      else if (ts.isPropertyAssignment(property) && ts.isIdentifier(property.initializer))
        this.#exportedNames.add(property.initializer.text);
    }
  }

  #exportAssignment(node: ts.ExportAssignment, place: Place): void {
    const { expression } = node;
    this.#noteExports(expression, node.isExportEquals === true);
    const own =
      (ts.isFunctionExpression(expression) || ts.isClassExpression(expression)) && expression.name !== undefined
        ? expression.name.text
        : 'exports';
    this.#value(
      expression,
      {
        name: node.isExportEquals === true ? own : 'default',
        start: node.getStart(this.#file),
        end: node.end,
        exported: true,
        fallback: null,
      },
      place,
    );
  }

  #exportList(node: ts.ExportDeclaration, place: Place): void {
    if (
      node.moduleSpecifier !== undefined ||
      node.exportClause === undefined ||
      !ts.isNamedExports(node.exportClause) ||
      place.path !== null
    )
      return;
    for (const { name, propertyName } of node.exportClause.elements) this.#exportedNames.add((propertyName ?? name).text);
  }

  #add(
    node: ts.Node,
    { start, ...rest }: { name: string; kind: SymbolKind; start: number; exported: boolean; mayExport?: boolean },
    place: Place,
  ): string {
    return this.#addAt(start, node.end, rest, place);
  }

  /** Returns the path of the definition, the container of what it holds. */
  #addAt(
    start: number,
    end: number,
    { name, kind, exported, mayExport }: { name: string; kind: SymbolKind; exported: boolean; mayExport?: boolean },
    { path }: Place,
  ): string {
    const [line, endLine] = [this.#lineOf(start), this.#lineOf(end)];
    const root = path === null ? name : mayExport === true && !path.includes('.') ? path : null;
    this.#found.push({ definition: { name, kind, container: path, line, endLine, exported }, root });
    return path === null ? name : `${path}.${name}`;
  }

  #lineOf(offset: number): number {
    return this.#file.getLineAndCharacterOfPosition(offset).line + 1;
  }

  /** Offset of the first modifier or word, after the decorators. */
  #startOf(node: ts.Node): number {
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    if (modifiers.length > 0) return modifiers[0]!.getStart(this.#file);
    const decorators = ts.canHaveDecorators(node) ? (ts.getDecorators(node) ?? []) : [];
    if (decorators.length === 0) return node.getStart(this.#file);
    this.#scanner.resetTokenState(decorators.at(-1)!.end);
    this.#scanner.scan();
    return this.#scanner.getTokenStart();
  }
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false);
}

function isFunction(node: ts.Node | undefined): boolean {
  return node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));
}

function withoutAssertions(node: ts.Expression): ts.Expression {
  return ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node)
    ? withoutAssertions(node.expression)
    : node;
}

function isComma(node: ts.Expression): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.CommaToken;
}

/** Of `a, b, c` the first: what the statement begins with. */
function firstOf(node: ts.Expression): ts.Expression {
  return isComma(node) ? firstOf(node.left) : node;
}

/** `a.b.c` of plain names. */
function isChain(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node))
    return node.questionDotToken === undefined && ts.isIdentifier(node.name) && isChain(node.expression);
  return ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword;
}

function startsWithRequire(node: ts.Expression | undefined): boolean {
  let first: ts.Node | undefined = node;
  while (first !== undefined && !ts.isIdentifier(first)) {
    if (ts.isCallExpression(first) && ts.isIdentifier(first.expression)) return first.expression.text === 'require';
    if (
      !ts.isCallExpression(first) &&
      !ts.isPropertyAccessExpression(first) &&
      !ts.isElementAccessExpression(first) &&
      !ts.isBinaryExpression(first) &&
      !ts.isConditionalExpression(first) &&
      !ts.isAsExpression(first)
    )
      return false;
    first = ts.isBinaryExpression(first) ? first.left : ts.isConditionalExpression(first) ? first.condition : first.expression;
  }
  return false;
}

function boundNames(pattern: ts.BindingPattern): ts.Identifier[] {
  return pattern.elements.flatMap((element) => {
    if (ts.isOmittedExpression(element)) return [];
    return ts.isIdentifier(element.name) ? [element.name] : boundNames(element.name);
  });
}

// Rules and modules in, violations out. Pure.
import type { Import, Module } from './inspect.ts';
import type { ClosureRule, CycleRule, ImportRule, Rule, UseRule } from './rules.ts';

export interface Violation {
  readonly rule: string;
  readonly teaches: string;
  /** `src/a.ts:12`, with what was found there. */
  readonly at: string;
}

export function judge(rules: readonly Rule[], modules: readonly Module[]): Violation[] {
  return rules.flatMap((rule) => findingsOf(rule, modules).map((at) => ({ rule: rule.name, teaches: rule.teaches, at })));
}

/** Patterns that speak of an existing room and yet match nothing: a rule that guards an empty place guards nothing. */
export function idlePatterns(rules: readonly Rule[], modules: readonly Module[]): string[] {
  const paths = modules.map((module) => module.path);
  return rules.flatMap((rule) =>
    sourcesOf(rule)
      .filter((pattern) => paths.some((path) => path.startsWith(/^[^*{]*/.exec(pattern)![0])))
      .filter((pattern) => !pattern.includes('{') && !paths.some((path) => matches(pattern, path)))
      .map((pattern) => `${rule.name}: ${pattern}`),
  );
}

export function matches(pattern: string, path: string): boolean {
  let known = patterns.get(pattern);
  if (known === undefined) patterns.set(pattern, (known = { expression: toExpression(pattern), answers: new Map() }));
  let answer = known.answers.get(path);
  if (answer === undefined) known.answers.set(path, (answer = known.expression.test(path)));
  return answer;
}

const patterns = new Map<string, { readonly expression: RegExp; readonly answers: Map<string, boolean> }>();

function toExpression(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\{[^}]*\}|[.+^$()|[\]\\]/g, (token) => {
    if (token === '**/') return '(?:.*/)?';
    if (token === '**') return '.*';
    if (token === '*') return pattern === '*' ? '.*' : '[^/]*';
    return token.startsWith('{')
      ? `(?:${token
          .slice(1, -1)
          .replaceAll('.', String.raw`\.`)
          .replaceAll(',', '|')})`
      : `\\${token}`;
  });
  return new RegExp(`^${source}$`);
}

function sourcesOf(rule: Rule): readonly string[] {
  if ('from' in rule) return rule.from;
  return 'start' in rule ? [rule.start] : rule.acyclic;
}

function findingsOf(rule: Rule, modules: readonly Module[]): string[] {
  if ('acyclic' in rule) return judgeCycles(rule, modules);
  if ('start' in rule) return judgeClosure(rule, modules);
  const concerned = modules.filter(({ path }) => isAny(rule.from, path) && !isAny(rule.except ?? [], path));
  return concerned.flatMap((module) => judgeAlone(rule, module));
}

/** What such a rule says of a module depends on nothing else, so it is asked once however often the rest of the tree changes. */
function judgeAlone(rule: ImportRule | UseRule, module: Module): readonly string[] {
  let judged = alone.get(module);
  if (judged === undefined) alone.set(module, (judged = new Map<Rule, readonly string[]>()));
  let found = judged.get(rule);
  if (found === undefined) judged.set(rule, (found = 'uses' in rule ? judgeUses(rule, module) : judgeImports(rule, module)));
  return found;
}

const alone = new WeakMap<Module, Map<Rule, readonly string[]>>();

function judgeUses(rule: UseRule, module: Module): string[] {
  return module.uses
    .filter(({ name }) => rule.uses.some((forbidden) => isUseOf(forbidden, name)))
    .map(({ name, line }) => `${module.path}:${line} uses ${name}`);
}

function isUseOf(forbidden: string, name: string): boolean {
  if (forbidden.startsWith('=')) return name === forbidden.slice(1);
  if (/[.(]/.test(forbidden)) return name === forbidden;
  return name === forbidden || name.startsWith(`${forbidden}.`) || name.startsWith(`${forbidden}(`) || name.startsWith(`new ${forbidden}(`);
}

function judgeImports(rule: ImportRule, module: Module): string[] {
  const own = roomOf(module.path);
  const isAllowed = (target: string): boolean =>
    isAny(
      [...(rule.only ?? []), ...(rule.allow ?? [])].map((pattern) => pattern.replace('{own}', own)),
      target,
    );
  return module.imports
    .filter((each) => rule.kinds?.includes(each.kind) ?? true)
    .filter((each) => rule.names === undefined || each.names.some((name) => rule.names?.includes(name)))
    .filter(({ target }) => (rule.only === undefined ? isAny(rule.never ?? [], target) : isOfTree(target)) && !isAllowed(target))
    .map((each) => `${module.path}:${each.line} imports ${describe(each)}`);
}

/** `src/commands/index` for what lies below commands/ or providers/, `src/proof` elsewhere, `src` at the root. */
function roomOf(path: string): string {
  const parts = path.split('/').slice(0, -1);
  return parts.slice(0, parts[1] === 'commands' || parts[1] === 'providers' ? 3 : 2).join('/');
}

function isOfTree(target: string): boolean {
  return /^(src|test|bench|bin)\//.test(target);
}

function describe({ kind, specifier }: Import): string {
  return kind === 'static' ? specifier : `${specifier} (${kind})`;
}

function judgeClosure(rule: ClosureRule, modules: readonly Module[]): string[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const seen = new Set<string>([rule.start]);
  const found: string[] = [];
  for (const path of seen) {
    for (const { kind, target, line } of byPath.get(path)?.imports ?? []) {
      if (kind !== 'static') continue;
      if (isAny(rule.allow, target) || !isAny(rule.never, target)) seen.add(target);
      else found.push(`${path}:${line} loads ${target} at the start`);
    }
  }
  return found;
}

/** Cycles of imports that run; types are erased, and a contract may well name another's type. */
function judgeCycles(rule: CycleRule, modules: readonly Module[]): string[] {
  const graph = new Map(modules.filter(({ path }) => isAny(rule.acyclic, path)).map((module) => [module.path, runningImports(module)]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at !== -1) found.push([...trail.slice(at), path].join(' → '));
    if (at !== -1 || done.has(path)) return;
    for (const target of graph.get(path) ?? []) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return found;
}

function runningImports(module: Module): string[] {
  return module.imports.filter(({ kind }) => kind === 'static').map(({ target }) => target);
}

function isAny(list: readonly string[], path: string): boolean {
  return list.some((pattern) => matches(pattern, path));
}

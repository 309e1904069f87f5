import { registerHooks } from 'node:module';
import { join } from 'node:path';
import type { IConfiguration } from 'dependency-cruiser';

/** That one file names another. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** For its types alone: nothing is loaded. */
  readonly isType: boolean;
  /** Loaded when it is needed, not when the file is. */
  readonly isDynamic: boolean;
}

export interface Cruise {
  /** Of our own files, by their paths from the root of the repository. */
  readonly imports: readonly Import[];
  /** Each broken fence in a line; empty where all hold. */
  readonly violations: readonly Violation[];
}

export interface Violation {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
}

/** The root of this repository. */
export const repository: string = join(import.meta.dirname, '../..');

// @NOTE dependency-cruiser reads TypeScript through the compiler API that TypeScript 7 does not have yet: it is given
// TypeScript 6 in its place, before it is loaded. @TODO(#dependency-cruiser) drop this when it supports TypeScript 7.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier.replace(/^typescript(?=$|\/)/, 'typescript-api'), context),
});

/** The fences of `.dependency-cruiser.mjs`. */
export async function readFences(): Promise<IConfiguration> {
  const extract = await import('dependency-cruiser/config-utl/extract-depcruise-config');
  return await extract.default(join(repository, '.dependency-cruiser.mjs'));
}

/**
 * Reads what the files below some folders import, and which fences that breaks.
 * @param root where the folders are, absolute: this repository, or a tree that tries a fence
 */
export async function readImports(root: string, folders: readonly string[]): Promise<Cruise> {
  const { cruise } = await import('dependency-cruiser');
  const { options = {}, ...ruleSet } = await readFences();
  const { output } = await cruise([...folders], { ...options, baseDir: root, ruleSet, validate: true });
  if (typeof output === 'string') {
    throw new Error(output);
  }
  return {
    imports: output.modules.flatMap(({ source, dependencies }) =>
      dependencies
        .filter(({ resolved }) => /\.(ts|js|mjs)$/.test(resolved) && !resolved.includes('node_modules/'))
        .map(({ resolved, dynamic, dependencyTypes }) => ({
          from: source,
          to: resolved,
          isType: dependencyTypes.includes('type-only'),
          isDynamic: dynamic,
        })),
    ),
    violations: output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to })),
  };
}

// What the index knows of the files that an inventory speaks of: of all of them, or only of a few.
import { LOCAL_REPOSITORY } from './home.ts';
import { rememberedAmong, rememberedOf, type Remembered } from './plan.ts';
import type { ContextStore, StoreStats } from './store/store.ts';

export function recall(
  store: Pick<ContextStore, 'catalogue' | 'get'>,
  { only, before }: { readonly only: ReadonlySet<string> | null; readonly before: StoreStats | null },
): Remembered {
  const omissions = before?.facts['skipped'];
  if (only === null) return rememberedOf(store.catalogue(LOCAL_REPOSITORY), omissions);
  const documents = new Map<string, string>();
  for (const path of only) {
    const found = store.get(LOCAL_REPOSITORY, path);
    if (found !== null) documents.set(path, found.contentId);
  }
  return rememberedAmong(only, { documents, total: before?.documents ?? 0, omissions });
}

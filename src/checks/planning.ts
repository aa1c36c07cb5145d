// The plan, from the configuration alone: before anything is asked, every check of every service has its place.
import type { Location } from '../section.ts';
import { draftsOf, type Draft } from './drafting/drafts.ts';
import { fillingOf } from './drafting/filling.ts';
import { keyOf, type Place, type Plan } from './plan.ts';
import type { Operations, Service } from './service.ts';

export interface PlanRequest {
  readonly operations: Operations;
  /** Ids; those they need are not added: what is not in the plan is not needed. */
  readonly services: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Lower case; null where nobody said which. */
  readonly expectedCommit: string | null;
  /** After a deploy, a service without a version is a warning. */
  readonly isDeploy: boolean;
  readonly nowMs: number;
  /** What a file that a check or a service names holds; path as written. */
  readonly fileText: (path: string) => string;
  /** JSON pointer below `services`. */
  readonly locate: (pointer: string) => Location | null;
}

export function planOf(request: PlanRequest): Plan {
  const planned = request.operations.services.filter(({ id }) => request.services.includes(id));
  const drafts = new Map(planned.map((service) => [service.id, draftsOf(service, request)]));
  return {
    places: planned.flatMap((service) => {
      const needs = service.needs.flatMap((id) => guardsOf(id, drafts.get(id) ?? []));
      return drafts.get(service.id)!.map((draft) => toPlace(draft, { service, needs, request }));
    }),
  };
}

interface Surroundings {
  readonly service: Service;
  /** Keys of what all places of the service need. */
  readonly needs: readonly string[];
  readonly request: PlanRequest;
}

function toPlace({ check, pointer, inquire, skip, needs: own }: Draft, { service, needs, request }: Surroundings): Place {
  const target = service.id;
  return {
    target,
    check,
    location: request.locate(`/${target}${pointer}`),
    skip: service.skip ?? skip,
    needs: [...needs, ...own.map((id) => keyOf({ target, check: id }))],
    retries: request.operations.defaults.retries,
    inquire: async (captured) => await inquire(fillingOf(request, captured)),
  };
}

/** What shows that a service is well: its health, or all its checks where it has none. */
function guardsOf(target: string, drafts: readonly Draft[]): readonly string[] {
  const health = drafts.filter(({ check }) => check === 'health');
  return (health.length > 0 ? health : drafts).map(({ check }) => keyOf({ target, check }));
}

import { deepEqual, ok, throws } from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { Judgement } from '../../../src/checks/inquiry.ts';
import type { Deploy } from '../../../src/checks/service.ts';
import { UnreadableStatus, type Collector, type Recipe } from '../../../src/operations/evidence/collector.ts';
import { collectors } from '../../../src/operations/evidence/registry.generated.ts';

const DEPLOYS: { readonly [Kind in Deploy['kind']]: Extract<Deploy, { kind: Kind }> } = {
  fly: { kind: 'fly', app: 'shop', optional: null },
  compose: { kind: 'compose', project: 'p', service: 'api', optional: null },
  kube: { kind: 'kube', namespace: 'prod', deployment: 'api', optional: null },
  command: { kind: 'command', argv: ['./evidence', '--all'], optional: null },
};

function recipeOf(kind: Deploy['kind']): Recipe<Deploy['kind']> {
  const found: Collector | undefined = collectors.find((each) => each.kind === kind);
  ok(found);
  return found as Recipe<Deploy['kind']>;
}

function judge(kind: Deploy['kind'], stdout: string): readonly Judgement[] {
  return recipeOf(kind).judge(stdout, DEPLOYS[kind]);
}

function told(judgements: readonly Judgement[]): readonly string[] {
  return judgements.map(({ verdict, code, reason }) => `${verdict} ${code ?? '-'}: ${reason}`);
}

suite('every recipe', () => {
  for (const { kind } of collectors) {
    test(`${kind} has programs, arguments and a place for its log`, () => {
      const recipe = recipeOf(kind);
      const deploy = DEPLOYS[kind];
      ok(recipe.tools(deploy).length > 0);
      ok(recipe.logArgs(deploy).length > 0);
      ok(new RegExp(`^${kind}/[A-Za-z0-9._-]+_logs\\.txt$`).test(recipe.logView(deploy, 'svc')));
    });

    if (kind !== 'command') {
      test(`${kind} takes nothing that it cannot read for good news`, () => {
        for (const text of [
          '',
          ' ',
          'null',
          '[]',
          '{}',
          '"ok"',
          '[1]',
          '{"Machines":{}}',
          'Error: no access token',
          '[{}]',
          '{"status":1}',
        ]) {
          try {
            for (const { verdict } of judge(kind, text)) ok(verdict === 'fail' || verdict === 'unknown', `${text}: ${verdict}`);
          } catch (error) {
            ok(error instanceof UnreadableStatus, `${text}: ${String(error)}`);
          }
        }
      });
    }
  }
});

suite('fly', () => {
  const image = { repository: 'shop', tag: 'deployment-1', digest: 'sha256:aa' };
  const machine = (facts: object = {}): object => ({ id: 'm1', state: 'started', image_ref: image, checks: [], config: {}, ...facts });
  const status = (...machines: object[]): string => JSON.stringify({ Machines: machines });

  test('started machines on one image with passing checks pass', () => {
    const checks = [{ name: 'http', status: 'passing' }];
    deepEqual(told(judge('fly', status(machine({ checks }), machine({ id: 'm2' })))), [
      'pass -: 2 of 2 machines are as they should be, all on one image',
    ]);
  });

  test('a machine that stops by itself may be stopped; one that should run may not', () => {
    const asleep = machine({ id: 'm2', state: 'stopped', config: { services: [{ autostop: 'stop' }] } });
    deepEqual(told(judge('fly', status(machine(), asleep))), ['pass -: 2 of 2 machines are as they should be, all on one image']);
    deepEqual(told(judge('fly', status(machine(), machine({ id: 'm2', state: 'stopped' })))), [
      'fail EVIDENCE_UNHEALTHY: the machine m2 is stopped',
    ]);
  });

  test('a failing check is named with its machine', () => {
    const checks = [{ name: 'http', status: 'critical' }];
    deepEqual(told(judge('fly', status(machine({ checks })))), ['fail EVIDENCE_UNHEALTHY: the check http of the machine m1 is critical']);
  });

  test('two images side by side are mixed', () => {
    const older = machine({ id: 'm2', image_ref: { ...image, digest: 'sha256:bb' } });
    deepEqual(told(judge('fly', status(machine(), older))), ['fail EVIDENCE_MIXED_IMAGES: 2 images run side by side']);
  });

  test('what a release command left behind is no instance', () => {
    const left = machine({
      id: 'r',
      state: 'stopped',
      image_ref: { ...image, digest: 'sha256:old' },
      config: { metadata: { fly_process_group: 'fly_app_release_command' } },
    });
    deepEqual(told(judge('fly', status(machine(), left))), ['pass -: 1 of 1 machines are as they should be, all on one image']);
    deepEqual(told(judge('fly', status(left))), ['fail EVIDENCE_UNHEALTHY: there is no machine']);
  });

  test('a machine that does not say which image it runs is unknown', () => {
    deepEqual(told(judge('fly', status(machine(), machine({ id: 'm2', image_ref: null })))), [
      'unknown EVIDENCE_FAILED: not every instance says which image it runs',
    ]);
  });
});

suite('compose', () => {
  const container = (facts: object = {}): object => ({
    Name: 'p-api-1',
    Service: 'api',
    State: 'running',
    Health: '',
    Image: 'api:1',
    ...facts,
  });
  const other = { Name: 'p-db-1', Service: 'db', State: 'exited', Image: 'db:1' };

  test('an array and one object a line say the same', () => {
    const both = [container(), container({ Name: 'p-api-2', Health: 'healthy' }), other];
    const expected = ['pass -: 2 of 2 containers run, all from one image'];
    deepEqual(told(judge('compose', JSON.stringify(both))), expected);
    deepEqual(told(judge('compose', `${both.map((each) => JSON.stringify(each)).join('\n')}\n`)), expected);
  });

  test('a container that has exited, is unhealthy or is not yet healthy is told', () => {
    deepEqual(told(judge('compose', JSON.stringify([container({ State: 'exited' })]))), [
      'fail EVIDENCE_UNHEALTHY: the container p-api-1 is exited',
    ]);
    deepEqual(told(judge('compose', JSON.stringify([container({ Health: 'unhealthy' })]))), [
      'fail EVIDENCE_UNHEALTHY: the container p-api-1 is unhealthy',
    ]);
    deepEqual(told(judge('compose', JSON.stringify([container({ Health: 'starting' })]))), [
      'unknown EVIDENCE_UNHEALTHY: the container p-api-1 is not yet healthy',
    ]);
  });

  test('a service without a container is not there', () => {
    deepEqual(told(judge('compose', JSON.stringify([other]))), ['fail EVIDENCE_UNHEALTHY: there is no container of the service api']);
  });

  test('a line that is cut makes the whole unreadable', () => {
    throws(() => judge('compose', `${JSON.stringify(container())}\n{"Name":"p-a`), UnreadableStatus);
  });
});

suite('kube', () => {
  const deployment = (status: object, spec: object = { replicas: 3 }): string =>
    JSON.stringify({ metadata: { generation: 4 }, spec, status: { observedGeneration: 4, ...status } });
  const whole = { replicas: 3, updatedReplicas: 3, readyReplicas: 3 };

  test('rolled out means seen, new and ready', () => {
    deepEqual(told(judge('kube', deployment(whole))), ['pass -: 3 of 3 replicas are new and ready']);
  });

  test('a generation that nobody has taken up is not rolled out, however ready the old one is', () => {
    deepEqual(told(judge('kube', deployment({ ...whole, observedGeneration: 3 }))), [
      'fail EVIDENCE_UNHEALTHY: the newest generation has not been taken up yet',
    ]);
  });

  test('replicas of an older generation beside new ones are mixed', () => {
    deepEqual(told(judge('kube', deployment({ replicas: 4, updatedReplicas: 1, readyReplicas: 4 }))), [
      'fail EVIDENCE_MIXED_IMAGES: 3 of 4 replicas are of an older generation',
    ]);
  });

  test('replicas that are not ready, and none at all, are unhealthy', () => {
    deepEqual(told(judge('kube', deployment({ ...whole, readyReplicas: 2 }))), [
      'fail EVIDENCE_UNHEALTHY: 2 of 3 replicas are ready, 3 are new',
    ]);
    deepEqual(told(judge('kube', deployment({}, { replicas: 0 }))), ['fail EVIDENCE_UNHEALTHY: it is scaled to no replica']);
  });
});

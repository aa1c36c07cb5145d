// proofs/deployment/latest.json: what was verified last, for people, `jq` and the dashboard.
import type { ServiceData } from '../run-data.ts';

export const DEPLOYMENT_PATH = 'deployment/latest.json';

export interface DeploymentViewRequest {
  readonly services: readonly ServiceData[];
  readonly expectedCommit: string | null;
  /** ISO 8601. */
  readonly at: string;
  readonly proofPath: string;
}

export function deploymentView({ services, expectedCommit, at, proofPath }: DeploymentViewRequest): string {
  return `${JSON.stringify({ proof: proofPath, at, expected_commit: expectedCommit, services }, null, 2)}\n`;
}

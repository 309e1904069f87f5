import { validate as deployment } from 'kubernetes-models/_schemas/IoK8sApiAppsV1Deployment';
import { validate as autoscaler } from 'kubernetes-models/_schemas/IoK8sApiAutoscalingV2HorizontalPodAutoscaler';
import { validate as cronJob } from 'kubernetes-models/_schemas/IoK8sApiBatchV1CronJob';
import { validate as job } from 'kubernetes-models/_schemas/IoK8sApiBatchV1Job';
import { validate as configMap } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap';
import { validate as namespace } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Namespace';
import { validate as volumeClaim } from 'kubernetes-models/_schemas/IoK8sApiCoreV1PersistentVolumeClaim';
import { validate as service } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Service';
import { validate as serviceAccount } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ServiceAccount';
import { validate as networkPolicy } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy';
import { validate as disruptionBudget } from 'kubernetes-models/_schemas/IoK8sApiPolicyV1PodDisruptionBudget';
import type { Resource } from './kustomize.ts';

interface Validator {
  (data: unknown): boolean;
  errors?:
    | readonly { readonly instancePath: string; readonly message?: string; readonly params: object }[]
    | null;
}

const validators: Readonly<Record<string, unknown>> = {
  'apps/v1 Deployment': deployment,
  'autoscaling/v2 HorizontalPodAutoscaler': autoscaler,
  'batch/v1 CronJob': cronJob,
  'batch/v1 Job': job,
  'networking.k8s.io/v1 NetworkPolicy': networkPolicy,
  'policy/v1 PodDisruptionBudget': disruptionBudget,
  'v1 ConfigMap': configMap,
  'v1 Namespace': namespace,
  'v1 PersistentVolumeClaim': volumeClaim,
  'v1 Service': service,
  'v1 ServiceAccount': serviceAccount,
};

/**
 * What is wrong with an object by the schemas of Kubernetes: values of the wrong kind, and properties that no schema
 * knows. Undefined where there is no schema: the Prometheus Operator's are its own.
 */
export function schemaFaults(resource: Resource): string[] | undefined {
  const validate = validators[`${resource.apiVersion} ${resource.kind}`] as Validator | undefined;
  if (validate === undefined) {
    return undefined;
  }
  const unread = new Set<string>();
  if (!validate(watched(resource, '', unread))) {
    return (validate.errors ?? []).map((error) => `${error.instancePath}: ${JSON.stringify(error)}`);
  }
  return [...unread].map((path) => `${path}: no schema knows this`);
}

/**
 * @NOTE the validators let unknown properties pass, so that a misspelt one would do nothing, in silence. They read every property
 * that they know: what was never read is unknown.
 */
function watched(value: unknown, path: string, unread: Set<string>): unknown {
  if (Array.isArray(value)) {
    return value.map((child, index) => watched(child, `${path}/${index}`, unread));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).map(([key, child]) => {
    unread.add(`${path}/${key}`);
    return [key, watched(child, `${path}/${key}`, unread)] as const;
  });
  return new Proxy(Object.fromEntries(entries), {
    get(target, key, receiver) {
      unread.delete(`${path}/${String(key)}`);
      return Reflect.get(target, key, receiver);
    },
  });
}

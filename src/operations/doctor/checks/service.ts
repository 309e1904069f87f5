import { ask, jsonOf, serviceUrls } from '../../probing/ask-service.ts';
import { type Sample, samplesOf, total } from '../../probing/samples.ts';
import { type Check, critical, ok, unknown, type Verdict, warning } from '../check.ts';
import type { DoctorContext } from '../doctor-context.ts';

async function health({ config }: DoctorContext): Promise<Record<string, unknown> | string> {
  const urls = serviceUrls(config);
  if (urls === undefined) {
    return 'METADATA_PORT is 0: nobody knows where an instance listens';
  }
  try {
    const answer = await ask(`${urls.base}/health`);
    const document = jsonOf(answer);
    return document !== undefined && 'dependencies' in document
      ? document
      : `stranger at ${urls.base}: it answered ${answer.status}, and not as Brownie Metadata API does`;
  } catch (error) {
    return `no instance answers at ${urls.base} (${error instanceof Error ? error.message : error})`;
  }
}

export const serviceHealth: Check = {
  id: 'service.health',
  runbook: 'docs/runbooks/APIInstanceDown.md',
  async look(context) {
    const document = await health(context);
    if (typeof document === 'string') {
      return document.startsWith('stranger')
        ? warning({
            finding: `Something else has the port of the service: ${document}`,
            remedy: `ss -ltnp "sport = :${context.config.http.port}"; stop it, or choose another METADATA_PORT`,
          })
        : unknown(document, 'brownie serve');
    }
    const { status, dependencies } = document;
    const evidence = [`dependencies: ${JSON.stringify(dependencies)}`];
    if (status === 'healthy') {
      return ok('The instance on this machine is healthy', evidence);
    }
    const complaint = {
      finding: `The instance on this machine says that it is ${String(status)}`,
      evidence,
      remedy:
        'what is wrong with its dependency stands above; where nothing does, its environment is not the one of this command: brownie config',
    };
    return status === 'degraded' ? warning(complaint) : critical(complaint);
  },
};

export const serviceVersion: Check = {
  id: 'service.version',
  runbook: 'docs/deployment.md',
  async look(context) {
    const document = await health(context);
    if (typeof document === 'string') {
      return unknown(document);
    }
    const running = String(document['version']);
    return running === context.version
      ? ok(`The instance on this machine is of version ${running}`)
      : warning({
          finding: `The instance on this machine is of version ${running}, this program of ${context.version}`,
          remedy: 'start it again, or use the program that it was started from',
        });
  },
};

/** The metrics of the instance on this machine, or why there are none. */
async function metricsOf(config: DoctorContext['config']): Promise<readonly Sample[] | string> {
  const urls = serviceUrls(config);
  if (urls === undefined) {
    return 'METADATA_PORT is 0: nobody knows where an instance listens';
  }
  const answer = await ask(`${urls.details}/metrics`).catch(() => undefined);
  return answer?.status === 200 ? samplesOf(answer.body) : `no instance shows metrics at ${urls.details}`;
}

/** What an instance says of itself that must not stay so. */
const passing = [
  {
    metric: 'draining',
    finding: 'The instance on this machine is draining: load balancers pass it by',
    remedy: 'brownie undrain, or let it end',
  },
] as const;

export const serviceState: Check = {
  id: 'service.state',
  runbook: 'docs/procedures/doctor.md',
  async look({ config }) {
    const samples = await metricsOf(config);
    if (typeof samples === 'string') {
      return unknown(samples);
    }
    const found = passing.filter(({ metric }) => (total(samples, metric) ?? 0) > 0);
    const failedReload = total(samples, 'config_reload_success') === 0;
    if (found.length === 0 && !failedReload) {
      return ok('The instance on this machine serves as it is configured');
    }
    return warning({
      finding: [
        ...found.map(({ finding }) => finding),
        ...(failedReload ? ['The last reload of the configuration was refused'] : []),
      ].join('. '),
      remedy: [
        ...found.map(({ remedy }) => remedy),
        ...(failedReload ? ['correct it (brownie config), then send SIGHUP'] : []),
      ].join('; '),
    });
  },
};

/** Fewer requests than these say nothing; and a client that makes the header up is not yet a proxy. */
const forwardedMin = 20;
const forwardedShareMax = 0.1;

export const serviceProxies: Check = {
  id: 'service.proxies',
  runbook: 'docs/procedures/load-balancing.md',
  async look({ config }) {
    const samples = await metricsOf(config);
    return typeof samples === 'string' ? unknown(samples) : judgeProxies(samples);
  },
};

/** What the instance counted since it started: requests of proxies that it does not know stand beside those of clients. */
export function judgeProxies(samples: readonly Sample[]): Verdict {
  const of = (proxy: string): number =>
    total(samples, 'http_requests_forwarded_total', (labels) => labels['proxy'] === proxy) ?? 0;
  const requests =
    total(samples, 'http_requests_total', ({ endpoint = '' }) => !/^\/(health|metrics)/.test(endpoint)) ?? 0;
  const [trusted, untrusted] = [of('trusted'), of('unknown')];
  return untrusted < forwardedMin || untrusted < forwardedShareMax * requests
    ? ok(
        `X-Forwarded-For is believed: ${trusted} requests came through trusted proxies, ${untrusted} through others`,
      )
    : warning({
        finding: `Proxies that METADATA_TRUSTED_PROXIES does not list sent ${untrusted} of ${requests} requests: all their clients count as one address, for limits, log and audit`,
        remedy:
          'list their addresses, which the log has: jq -r \'select(.logger == "brownie.access") | .client_address\' service.log | sort | uniq -c | sort -rn | head; then start the service again',
      });
}

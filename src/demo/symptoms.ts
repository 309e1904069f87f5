import type { Weighted } from './random.ts';

export type Priority = 'low' | 'medium' | 'high' | 'critical';

/** Something that goes wrong with a service. `{…}` in texts stand for details of the case; see `fill`. */
export interface Symptom {
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly priorities: Weighted<Priority>;
}

const usually = (low: number, medium: number, high: number, critical: number): Weighted<Priority> => [
  [low, 'low'],
  [medium, 'medium'],
  [high, 'high'],
  [critical, 'critical'],
];

export const symptoms: Weighted<Symptom> = [
  [
    14,
    {
      title: '{service} answers 5xx in {region}',
      description: '{percent} % of requests failed over the last {minutes} minutes; the threshold is 1 %.',
      tags: ['availability', 'errors'],
      priorities: usually(2, 20, 50, 28),
    },
  ],
  [
    14,
    {
      title: 'p99 latency of {service} in {region} is above {count} ms',
      description:
        'Slow for {minutes} minutes. Requests per second are {percent} % above the same hour last week.',
      tags: ['latency'],
      priorities: usually(15, 50, 30, 5),
    },
  ],
  [
    10,
    {
      title: '{service} runs out of memory and restarts',
      description: '{count} restarts in {minutes} minutes on {region}, since version {version}.',
      tags: ['memory', 'restarts'],
      priorities: usually(15, 50, 30, 5),
    },
  ],
  [
    9,
    {
      title: 'Queue of {service} grows: {count} messages are waiting',
      description: 'Consumers take {minutes} minutes longer than usual in {region}.',
      tags: ['queue', 'capacity'],
      priorities: usually(20, 50, 26, 4),
    },
  ],
  [
    9,
    {
      title: 'Disk of {service} is {percent} % full',
      description: 'At the present rate it is full in {count} hours ({region}).',
      tags: ['disk', 'capacity'],
      priorities: usually(40, 42, 16, 2),
    },
  ],
  [
    8,
    {
      title: 'Deployment of {service} {version} failed',
      description:
        'Health checks did not pass within {minutes} minutes in {region}; the former version serves.',
      tags: ['deployment'],
      priorities: usually(25, 50, 22, 3),
    },
  ],
  [
    7,
    {
      title: 'Connection pool of {service} is exhausted',
      description: 'Requests wait for a connection in {region}; {percent} % gave up over {minutes} minutes.',
      tags: ['database', 'capacity'],
      priorities: usually(4, 28, 50, 18),
    },
  ],
  [
    7,
    {
      title: 'Customers report trouble with {service}',
      description:
        'Support has {count} tickets of the last {minutes} minutes; monitoring shows nothing unusual.',
      tags: ['customer-report'],
      priorities: usually(20, 45, 28, 7),
    },
  ],
  [
    6,
    {
      title: 'Nightly job of {service} did not finish',
      description: 'It stopped after {minutes} minutes with {count} records left ({region}).',
      tags: ['batch'],
      priorities: usually(45, 45, 9, 1),
    },
  ],
  [
    5,
    {
      title: 'Replica of {service} in {region} lags {minutes} minutes behind',
      description: 'Readers see old data. The primary writes {percent} % more than usual.',
      tags: ['database', 'replication'],
      priorities: usually(15, 50, 31, 4),
    },
  ],
  [
    5,
    {
      title: 'Third party behind {service} limits our requests',
      description: 'Status 429 for {percent} % of calls over {minutes} minutes.',
      tags: ['third-party', 'rate-limit'],
      priorities: usually(20, 50, 26, 4),
    },
  ],
  [
    3,
    {
      title: 'Certificate of {service} in {region} expires within days',
      description: 'Renewal failed {count} times; the challenge is not answered.',
      tags: ['certificate'],
      priorities: usually(30, 50, 18, 2),
    },
  ],
  [
    3,
    {
      title: '{service} is unreachable in {region}',
      description: 'No probe succeeded for {minutes} minutes. Traffic has been moved to other regions.',
      tags: ['availability', 'network'],
      priorities: usually(0, 5, 35, 60),
    },
  ],
];

/** Puts details into the places that are marked for them. */
export const fill = (text: string, details: Readonly<Record<string, string | number>>): string =>
  text.replace(/\{(\w+)\}/g, (place, name: string) => String(details[name] ?? place));

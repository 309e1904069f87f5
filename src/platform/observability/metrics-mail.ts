import { Counter, type Registry } from 'prom-client';

const results = ['sent', 'failed', 'refused', 'expired', 'unreadable'] as const;

/** What became of mails. */
export function mailMetrics(registry: Registry) {
  const deliveries = new Counter({
    name: 'mail_deliveries_total',
    help: 'Attempts to send a mail, and mails that expired unsent, by what came of it.',
    labelNames: ['result'],
    registers: [registry],
  });
  for (const result of results) {
    deliveries.inc({ result }, 0);
  }
  return { mailDelivered: (result: (typeof results)[number]): void => deliveries.inc({ result }) };
}

/** A team of the demonstration and what it runs. */
export interface TeamPlan {
  readonly name: string;
  readonly slug: string;
  readonly description: string;
  /** Its share of the incidents, relative to the others. */
  readonly weight: number;
  readonly services: readonly string[];
}

export const teamPlans: readonly TeamPlan[] = [
  {
    name: 'Platform',
    slug: 'platform',
    description: 'Clusters, networks, databases and everything that others build on',
    weight: 28,
    services: ['ingress', 'kubernetes', 'postgres-primary', 'message-bus', 'object-storage', 'ci-runners'],
  },
  {
    name: 'Payments',
    slug: 'payments',
    description: 'From the basket to the bank, and back again for refunds',
    weight: 20,
    services: ['checkout-api', 'payment-gateway', 'billing-worker', 'fraud-scoring', 'ledger'],
  },
  {
    name: 'Storefront',
    slug: 'storefront',
    description: 'What customers see first: web, search, catalogue',
    weight: 18,
    services: ['storefront-web', 'search', 'catalogue', 'image-cdn', 'recommendations'],
  },
  {
    name: 'Data',
    slug: 'data',
    description: 'Pipelines, the warehouse and the reports made from it',
    weight: 14,
    services: ['event-pipeline', 'warehouse-loader', 'reporting', 'feature-store'],
  },
  {
    name: 'Identity',
    slug: 'identity',
    description: 'Sign-in, sessions and permissions',
    weight: 12,
    services: ['login', 'single-sign-on', 'session-store', 'permission-service'],
  },
  {
    name: 'Mobile',
    slug: 'mobile',
    description: 'The apps, their backend and push messages',
    weight: 8,
    services: ['app-backend', 'push-gateway', 'deep-links', 'release-train'],
  },
];

export const regions = ['eu-west-1', 'eu-central-1', 'us-east-1', 'ap-southeast-2'] as const;

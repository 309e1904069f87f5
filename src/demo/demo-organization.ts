/** The one organization that `brownie demo` fills. Its id never changes, so that a later run finds it again. */
export const demoOrganization = {
  id: '018bcfe5-6800-7000-8000-000000000001',
  name: 'Brownie Demo',
  slug: 'brownie-demo',
  description: 'Made-up data to try the API with. Nobody in here exists.',
} as const;

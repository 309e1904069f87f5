/** An agent of the demonstration. */
export interface AgentPlan {
  readonly team: string;
  readonly name: string;
  readonly type: 'incident_response' | 'monitoring' | 'analysis' | 'notification' | 'custom';
  readonly task: string;
}

const agent = (team: string, type: AgentPlan['type'], name: string, task: string): AgentPlan => ({
  team,
  type,
  name,
  task,
});

export const agentPlans: readonly AgentPlan[] = [
  agent(
    'platform',
    'incident_response',
    'Cluster triage',
    'Sorts new incidents by cause and suggests a first step',
  ),
  agent(
    'platform',
    'monitoring',
    'Capacity watcher',
    'Warns a week before a disk, a pool or a quota is full',
  ),
  agent(
    'platform',
    'analysis',
    'Postmortem drafter',
    'Drafts the postmortem from the timeline of an incident',
  ),
  agent(
    'platform',
    'notification',
    'Platform on-call',
    'Tells whoever is on call, and their deputy after a while',
  ),
  agent(
    'payments',
    'incident_response',
    'Checkout triage',
    'Finds the change or the provider behind failing payments',
  ),
  agent('payments', 'monitoring', 'Provider watcher', 'Watches the status pages of payment providers'),
  agent('payments', 'analysis', 'Refund analysis', 'Looks for refunds that do not fit their history'),
  agent(
    'payments',
    'notification',
    'Payments on-call',
    'Tells whoever is on call, and the bank desk if it is critical',
  ),
  agent(
    'storefront',
    'incident_response',
    'Storefront triage',
    'Compares releases, flags and traffic when pages fail',
  ),
  agent('storefront', 'monitoring', 'Web vitals watcher', 'Watches what customers wait for'),
  agent('storefront', 'custom', 'Release digest', 'Sums up every morning what was released'),
  agent('data', 'incident_response', 'Pipeline triage', 'Finds the first broken step of a pipeline'),
  agent('data', 'monitoring', 'Freshness watcher', 'Warns where tables are older than agreed'),
  agent('data', 'analysis', 'Cost analysis', 'Explains which query made the warehouse dear'),
  agent('identity', 'incident_response', 'Sign-in triage', 'Tells attacks from outages when sign-ins fail'),
  agent('identity', 'monitoring', 'Suspicious sign-ins', 'Watches for sign-ins that do not fit the person'),
  agent('identity', 'notification', 'Identity on-call', 'Tells whoever is on call, day and night'),
  agent(
    'mobile',
    'incident_response',
    'Crash triage',
    'Groups crashes by cause and names the release that brought them',
  ),
  agent('mobile', 'monitoring', 'Push delivery watcher', 'Watches how many push messages arrive'),
  agent('mobile', 'notification', 'Mobile on-call', 'Tells whoever is on call, and the release manager'),
];

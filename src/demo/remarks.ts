/** What people write into a timeline, by how far they are. `{…}` as in symptoms. */
export const remarks = {
  investigating: [
    'Looking into it.',
    'Same picture in {region} only; other regions are fine.',
    'It began with the deployment of {version}. Comparing the two versions.',
    'Dashboards show {percent} % of capacity in use. Nothing unusual upstream.',
    'Paged the owner of {service} for a second pair of eyes.',
    'Correlates with the traffic peak. Checking the autoscaler.',
  ],
  mitigating: [
    'Rolled back to the former version; errors are going down.',
    'Added {count} workers to {service}.',
    'Moved traffic out of {region} while we look further.',
    'Raised the pool size; the queue drains.',
    'Feature flag is off for {percent} % of customers.',
  ],
  resolved: [
    'Root cause: a query without an index. Index added, alert is quiet for {minutes} minutes.',
    'Root cause: a retry loop in {service} multiplied the load. Fixed in {version}.',
    'The provider confirms the end of their disruption. Watching until tomorrow.',
    'Memory leak found and fixed in {version}; postmortem is scheduled.',
    'Limits raised, capacity ordered. No customer was affected for longer than {minutes} minutes.',
  ],
  cancelled: [
    'Duplicate of an earlier one.',
    'False alarm: a test in {region}.',
    'Announced maintenance, no incident.',
  ],
} as const;

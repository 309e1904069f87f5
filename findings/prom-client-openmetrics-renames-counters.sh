#!/usr/bin/env bash
# prom-client 15.1.3: writing a registry as OpenMetrics once takes `_total` off the names of its counters for good. A registry that is set
# back to the text format afterwards gives the same counter under another name (`jobs`), so that whoever asks in turn for both, by the
# Accept header, gets series that come and go. The text format has no rule that a counter's name ends otherwise than it was given; it takes
# a registry for each format, or names that are put back.
#
# Output seen:
#   text             # TYPE jobs_total counter   jobs_total 3
#   openmetrics      # TYPE jobs counter         jobs_total 3
#   text, afterwards # TYPE jobs counter         jobs 3
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --no-save prom-client@15.1.3

cat >try.cjs <<'JS'
const { Counter, Registry } = require('prom-client');
const registry = new Registry();
new Counter({ name: 'jobs_total', help: 'Jobs done.', registers: [registry] }).inc(3);
const show = async (title, contentType) => {
  registry.setContentType(contentType);
  const lines = (await registry.metrics()).split('\n');
  const find = (pattern) => lines.find((line) => pattern.test(line));
  console.log(`${title.padEnd(16)} ${find(/^# TYPE/).padEnd(27)} ${find(/^jobs/)}`);
};
(async () => {
  await show('text', Registry.PROMETHEUS_CONTENT_TYPE);
  await show('openmetrics', Registry.OPENMETRICS_CONTENT_TYPE);
  await show('text, afterwards', Registry.PROMETHEUS_CONTENT_TYPE);
})();
JS
node try.cjs | tee seen
diff seen - <<'SEEN'
text             # TYPE jobs_total counter   jobs_total 3
openmetrics      # TYPE jobs counter         jobs_total 3
text, afterwards # TYPE jobs counter         jobs 3
SEEN

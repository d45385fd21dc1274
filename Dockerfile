# The server with every language that it draws. docs/operations.md says how to run it: its sandbox needs user namespaces.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY scripts/tasks scripts/tasks
COPY libs/render/src/languages libs/render/src/languages
RUN node scripts/tasks/debian-packages.mjs > /packages

FROM node:24-bookworm-slim

# What the server and the languages need of Debian. The list is a file of its own, so that this layer is kept while the list is the same.
COPY --from=packages /packages /tmp/packages
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive xargs -a /tmp/packages apt-get install -y --no-install-recommends \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY . .
# The dashboard's build needs the sources and the development packages; both stay, for Node runs TypeScript as it is.
# npm's cache, the build's, and what onnxruntime brings for other systems would make the image hundreds of megabytes larger.
RUN npm run setup \
  && rm -rf /root/.npm apps/dashboard/.next node_modules/onnxruntime-node/bin/napi-v*/darwin node_modules/onnxruntime-node/bin/napi-v*/win32 \
  && mkdir /data && chown node:node /data

# Root may not start PostgreSQL; the sandbox needs no root either.
USER node
ENV PENTIMENTO_HOME=/data PENTIMENTO_HOST=0.0.0.0 PENTIMENTO_PORT=7400
EXPOSE 7400
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=60s CMD ["node", "-e", "fetch('http://127.0.0.1:7400/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/api/dist/main.js"]

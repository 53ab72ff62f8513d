# The manager. Build it in this folder:
#   docker build -t tunasync-manager -f manager.Dockerfile .
# What it installs: the tarballs of the packages (npm pack) that are in this folder, else VERSION from the npm registry.

# Debian, or a relative, with Node 20.19 or newer and npm
ARG BASE_IMAGE=node:22-bookworm-slim

FROM ${BASE_IMAGE} AS build
ARG VERSION=0.1
# another registry, such as a mirror; empty: the usual one
ARG NPM_REGISTRY=
COPY healthcheck.mjs *.tgz /build/
RUN set -e; cd /build; set -- /build/*.tgz; \
    if [ ! -e "$1" ]; then set -- "@tunasync/manager@$VERSION"; fi; \
    npm install --global --prefix /opt/tunasync --no-audit --no-fund --no-update-notifier \
      ${NPM_REGISTRY:+--registry "$NPM_REGISTRY"} "$@"; \
    cp healthcheck.mjs /opt/tunasync/

FROM ${BASE_IMAGE}
# tini is process 1: it hands signals to the daemon
RUN set -e; \
    if ! command -v tini >/dev/null; then \
      apt-get update; \
      apt-get install -y --no-install-recommends tini; \
      rm -rf /var/lib/apt/lists/*; \
    fi; \
    useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/tunasync --shell /bin/sh tunasync; \
    install -d -o tunasync -g tunasync /var/lib/tunasync /etc/tunasync
COPY --from=build /opt/tunasync /opt/tunasync
ENV PATH=/opt/tunasync/bin:$PATH NODE_ENV=production \
    HEALTH_URL=http://127.0.0.1:14242/ping
USER tunasync
WORKDIR /var/lib/tunasync
# the database and the status file
VOLUME /var/lib/tunasync
EXPOSE 14242
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD exec node /opt/tunasync/healthcheck.mjs "$HEALTH_URL"
ENTRYPOINT ["tini", "--", "tunasync-manager"]
# arguments of `docker run` take the place of these; a flag wins over the file
CMD ["--addr", "0.0.0.0"]

# The worker. Build it in this folder:
#   docker build -t tunasync-worker -f worker.Dockerfile .
# What it installs: the tarballs of the packages (npm pack) that are in this folder, else VERSION from the npm registry.

# Debian, or a relative, with Node 20.19 or newer and npm
ARG BASE_IMAGE=node:22-bookworm-slim

FROM ${BASE_IMAGE} AS build
ARG VERSION=0.1
# another registry, such as a mirror; empty: the usual one
ARG NPM_REGISTRY=
COPY healthcheck.mjs *.tgz /build/
RUN set -e; cd /build; set -- /build/*.tgz; \
    if [ ! -e "$1" ]; then set -- "@tunasync/worker@$VERSION"; fi; \
    npm install --global --prefix /opt/tunasync --no-audit --no-fund --no-update-notifier \
      ${NPM_REGISTRY:+--registry "$NPM_REGISTRY"} "$@"; \
    cp healthcheck.mjs /opt/tunasync/

FROM ${BASE_IMAGE}
# Debian packages that scripts and hooks need, such as "git lftp docker.io"
ARG PACKAGES=
# tini is process 1: it hands signals to the daemon, and cleans up after scripts that leave children behind
RUN set -e; \
    missing="$PACKAGES"; \
    for program in rsync tini; do command -v "$program" >/dev/null || missing="$missing $program"; done; \
    if [ -n "$missing" ]; then \
      apt-get update; \
      apt-get install -y --no-install-recommends $missing; \
      rm -rf /var/lib/apt/lists/*; \
    fi; \
    useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/tunasync --shell /bin/sh tunasync; \
    install -d -o tunasync -g tunasync /var/lib/tunasync /var/log/tunasync /etc/tunasync /srv/mirrors
COPY --from=build /opt/tunasync /opt/tunasync
# the state: the worker's own record and what is not delivered yet
ENV PATH=/opt/tunasync/bin:$PATH NODE_ENV=production \
    STATE_DIRECTORY=/var/lib/tunasync \
    HEALTH_URL=http://127.0.0.1:6000/
USER tunasync
WORKDIR /var/lib/tunasync
VOLUME ["/var/lib/tunasync", "/var/log/tunasync", "/srv/mirrors"]
EXPOSE 6000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD exec node /opt/tunasync/healthcheck.mjs "$HEALTH_URL"
ENTRYPOINT ["tini", "--", "tunasync-worker"]
CMD ["--config", "/etc/tunasync/worker.conf"]

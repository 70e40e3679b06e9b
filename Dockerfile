# One small image for the API server and the worker: `docker build -t rolecast .`

FROM node:20-slim AS web
WORKDIR /build/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

FROM rust:1.95-slim AS build
WORKDIR /build
RUN apt-get update \
 && apt-get install -y --no-install-recommends build-essential pkg-config cmake \
 && rm -rf /var/lib/apt/lists/*
COPY . .
COPY --from=web /build/web/dist web/dist
# The pages are built above; the Rust stage has no Node.
ENV ROLECAST_SKIP_WEB=1
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin rolecast \
 && install -D target/release/rolecast /out/rolecast

FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin rolecast \
 && install -d -o rolecast -g rolecast /data
COPY --from=build /out/rolecast /usr/local/bin/rolecast
COPY LICENSE /usr/share/doc/rolecast/LICENSE
USER 10001:10001
ENV ROLECAST_DATA_DIR=/data \
    ROLECAST_LISTEN=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
# For `serve`; a worker has no port, and compose turns this check off for it.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["rolecast"]
CMD ["serve"]

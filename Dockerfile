# leqi-audit with all that it needs, for a machine that is never on the internet:
#
#   docker build -t leqi-audit:0.1.0 .
#   docker save leqi-audit:0.1.0 | gzip >leqi-audit-0.1.0-image.tar.gz       # carry it over, then: docker load -i …
#   docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#     -v "$PWD:/audit" --user "$(id -u):$(id -g)" leqi-audit:0.1.0 scan --platform platform.yaml --out out
#
# It needs no capability: without root nmap makes whole connections. A half-open scan, which leaves fewer traces in the other side's logs, takes
# `--user 0 --cap-drop ALL --cap-add NET_RAW --cap-add DAC_OVERRIDE`. docs/offline.md says more.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN node scripts/pack-offline.ts --folder --out /packed && mv /packed/leqi-audit-* /packed/leqi-audit

FROM debian:bookworm-slim
# Fonts come with leqi-audit; ca-certificates are the public authorities that certificates are held against.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates chromium nmap openssh-client \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --uid 10001 --create-home leqi \
  && mkdir /audit \
  && chown leqi:leqi /audit
COPY --from=build /packed/leqi-audit /opt/leqi-audit
RUN ln -s /opt/leqi-audit/bin/leqi-audit /usr/local/bin/leqi-audit
ENV LANG=C.UTF-8
USER leqi
WORKDIR /audit
ENTRYPOINT ["leqi-audit"]
CMD ["--help"]

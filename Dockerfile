# The image of the admission server. Needs BuildKit, the default builder of Docker since 23.0:
#   docker build --build-arg VERSION=v1.2.3 --tag flink-ha-webhook .

# The compiler runs on the machine that builds and makes a program for the one that it is built for.
ARG GO_IMAGE=golang:1.26-bookworm
# A base without a shell or a package manager. The program is static and trusts the API server by the certificate that it
# finds in its pod, so scratch works too.
ARG BASE_IMAGE=gcr.io/distroless/static-debian12:nonroot

FROM --platform=$BUILDPLATFORM ${GO_IMAGE} AS build
WORKDIR /src

# Before the sources, so that this layer stays as long as the dependencies do.
COPY go.mod go.sum ./
RUN go mod download

COPY . .
ARG TARGETOS
ARG TARGETARCH
ARG VERSION=devel
# The flags of `make build`.
RUN --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH} \
    go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/flink-ha-webhook ./cmd/flink-ha-webhook

FROM ${BASE_IMAGE}
ARG VERSION=devel
ARG REVISION=unknown
LABEL org.opencontainers.image.title="flink-ha-webhook" \
      org.opencontainers.image.description="Admission webhook that keeps Apache Flink on Kubernetes highly available" \
      org.opencontainers.image.source="https://github.com/flink-ha/flink-ha-webhook" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY LICENSE /LICENSE
COPY --from=build /out/flink-ha-webhook /flink-ha-webhook
# By number: runAsNonRoot of Kubernetes cannot tell who a name is, and scratch knows no names.
USER 65532:65532
# Admission, metrics, health.
EXPOSE 9443 8080 8081
ENTRYPOINT ["/flink-ha-webhook"]

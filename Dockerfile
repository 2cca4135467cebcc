# docs/deploying.md says how to build and run this, and what of it was tried.

FROM python:3.11-slim-bookworm AS packages
# requirements.txt for training and the reference engine as well. Then the index of PyTorch's builds
# for processors only; without it the usual build brings CUDA, 3.8 GB more.
ARG REQUIREMENTS="requirements-light.txt"
ARG TORCH_INDEX_URL=""
ENV PIP_CACHE_DIR=/var/cache/pip
RUN python -m venv /opt/packages
COPY requirements-light.txt /build/
COPY requirements.txt /build/
RUN --mount=type=cache,target=/var/cache/pip \
    if [ "$REQUIREMENTS" = requirements.txt ] && [ -n "$TORCH_INDEX_URL" ]; then \
        /opt/packages/bin/pip install --index-url "$TORCH_INDEX_URL" "$(grep '^torch==' /build/requirements.txt)"; \
    fi && \
    /opt/packages/bin/pip install --requirement "/build/$REQUIREMENTS" && \
    /opt/packages/bin/pip uninstall --yes pip

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="ml-service" \
      org.opencontainers.image.description="Career prediction from resumes: offline, explained, with a confidence that can be believed." \
      org.opencontainers.image.version="0.1.0"
RUN groupadd --gid 10001 service && \
    useradd --uid 10001 --gid service --no-create-home --home-dir /tmp --shell /usr/sbin/nologin service && \
    install --directory --owner=service --group=service --mode=0700 /data
COPY --from=packages /opt/packages /opt/packages
WORKDIR /app
COPY data/occupations data/occupations
COPY data/models data/models
COPY frontend_stub frontend_stub
COPY backend_client backend_client
COPY ml_service ml_service
RUN python -m compileall -q ml_service backend_client
ENV PATH=/opt/packages/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HF_HUB_OFFLINE=1 \
    HOME=/tmp \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000
USER 10001:10001
VOLUME ["/data"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=2m --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['PORT']), timeout=4); c.request('GET', '/health/ready'); sys.exit(c.getresponse().status != 200)"]
CMD ["python", "-m", "ml_service", "serve"]

# Two stages: the first makes wheels, every file checked against its hash; the second has no compiler, no pip and no root.

FROM python:3.13-slim AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN pip install --require-hashes --no-deps -r requirements/build.txt \
    && pip wheel --require-hashes --no-deps --no-build-isolation -r requirements/runtime.txt --wheel-dir /wheels
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY rules rules
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
    && python -m venv /venv \
    && /venv/bin/pip install --no-index --no-deps /wheels/*.whl \
    && /venv/bin/python -m compileall -q /venv/lib \
    && /venv/bin/pip check \
    && /venv/bin/pip uninstall --yes pip

FROM python:3.13-slim
# Fixed numbers, so that a mounted folder can be given to them.
RUN groupadd --system --gid 10001 evwatch \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin evwatch \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data \
    && install --directory /rules
COPY --from=build /venv /venv
ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    EVWATCH_DATA_DIR=/data \
    EVWATCH_RULES_DIR=/rules
VOLUME ["/data"]
WORKDIR /data
USER 10001:10001
STOPSIGNAL SIGTERM
# A process that can do its work no more ends, and is started again (compose.yaml): no probe would know more.
HEALTHCHECK NONE
ENTRYPOINT ["evwatch"]
CMD ["run"]

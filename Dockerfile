# One image for the web server, the workers and every manage.py command.
# Python 3.11 is the version the tests run on.
ARG PYTHON_IMAGE=python:3.11-slim

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/herald/venv
ENV PATH=/opt/herald/venv/bin:$PATH
COPY requirements/base.txt /tmp/base.txt
RUN pip install --require-hashes -r /tmp/base.txt

FROM ${PYTHON_IMAGE}
ENV PATH=/opt/herald/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod \
    HERALD_DATA_DIR=/data
# pg_dump and pg_restore, for manage.py backup and restore.
RUN apt-get update && \
    apt-get install -y --no-install-recommends postgresql-client && \
    rm -rf /var/lib/apt/lists/*
RUN groupadd --gid 1000 herald && \
    useradd --uid 1000 --gid herald --home-dir /data --no-create-home herald && \
    install --directory --owner herald --group herald --mode 0700 /data
WORKDIR /opt/herald/app
COPY --from=build /opt/herald/venv /opt/herald/venv
COPY pyproject.toml manage.py LICENSE ./
COPY config config
COPY common common
COPY releases releases
COPY trackers trackers
COPY uploads uploads
COPY templates templates
COPY locale locale
COPY static static
# A key is demanded, and used for nothing here.
RUN HERALD_SECRET_KEY=only-while-static-files-are-collected-0000000000 \
    HERALD_DATA_DIR=/tmp/build python manage.py collectstatic --no-input && \
    rm -rf /tmp/build
USER herald
VOLUME /data
EXPOSE 8000
# Exec form: SIGTERM must reach the program itself, and no more than the program. The
# workers' parent then finishes what is being sent and ends its children by itself.
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "8", "--no-control-socket", \
     "--worker-tmp-dir", "/dev/shm"]

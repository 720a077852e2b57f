# As the Docker Spaces of the Hub's documentation: https://huggingface.co/docs/hub/spaces-sdks-docker-first-demo
FROM python:3.11-slim-bookworm
RUN useradd -m -u 1000 user
USER user
ENV PATH="/home/user/.local/bin:$PATH"
WORKDIR /app
COPY --chown=user ./requirements.txt requirements.txt
RUN pip install --no-cache-dir --upgrade -r requirements.txt
COPY --chown=user . /app
EXPOSE 7860

# How Hugging Face builds and starts the Space: https://huggingface.co/docs/hub/spaces-sdks-docker
FROM rust:1.95-slim-bookworm AS build
WORKDIR /app

# With a target given, the flags reach the program alone: the macros that run inside the compiler cannot be static. Packed, the
# program's own addresses take a tenth less of memory.
ENV CARGO_BUILD_TARGET=host-tuple RUSTFLAGS="-C target-feature=+crt-static -C link-arg=-Wl,-z,pack-relative-relocs"

# Dependencies have a layer of their own, built with an empty program: a change of the source does not touch it.
COPY Cargo.toml Cargo.lock ./
COPY actix-huggingface-oauth actix-huggingface-oauth
RUN mkdir src && echo 'fn main() {}' >src/main.rs && touch src/lib.rs \
 && cargo build --locked --release --no-default-features --features space

COPY . .
# Cargo goes by modification times: the empty program is newer than the source, and the crate is copied anew.
RUN touch src/main.rs src/lib.rs \
 && find actix-huggingface-oauth -exec touch --date=@0 {} + \
 && cargo build --locked --release --no-default-features --features space \
 && install -d -m 1777 /image/tmp \
 && cp target/*/release/hf-space-template /image/

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
# The program, and a folder for temporary files.
COPY --from=build /image /
USER 1000
EXPOSE 7860
CMD ["/hf-space-template"]

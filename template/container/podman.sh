# shellcheck shell=bash
# podman with a storage of its own, and the base image of the Dockerfile where no registry of images can be reached.
# For Debian, as root; sourced by `test`. State: $CONTAINER_STORE, some GB.

store=${CONTAINER_STORE:-${TMPDIR:-/tmp}/container-store}
mkdir -p "$store/tmp"
store=$(cd "$store" && pwd -P)
export TMPDIR="$store/tmp" # layers are unpacked here
exec 9>"$store/lock"
flock 9 # one run at a time per storage

# Native overlay does not stack on overlay.
driver=overlay
[ "$(stat -f -c %T "$store")" != overlayfs ] || driver=vfs
cat >"$store/storage.conf" <<EOF
[storage]
driver = "$driver"
graphroot = "$store/root"
runroot = "$store/run"
EOF
# Without systemd there is neither its journal nor its cgroup manager, and without CAP_SYS_RESOURCE limits can only be
# lowered. Debian's crun refuses hosts with both versions of cgroups; runc does not.
cat >"$store/containers.conf" <<EOF
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
log_driver = "k8s-file"
[network]
network_backend = "netavark"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "none"
EOF
export CONTAINERS_STORAGE_CONF="$store/storage.conf" CONTAINERS_CONF="$store/containers.conf"

# stand_in IMAGE: makes what has the name of the official image rust:VERSION-slim-bookworm: the Debian packages of that
# image, and the Rust toolchain of this machine.
stand_in() {
  local image=$1 suite=bookworm host version sources id
  host=$(rustc --print host-tuple)
  version=$(rustc --version | cut -d' ' -f2)
  case $image in
    "rust:$version-slim-$suite" | "rust:${version%.*}-slim-$suite") ;;
    *) echo "no stand-in for $image: the toolchain here is Rust $version" >&2; return 1 ;;
  esac
  sources=$(debian_sources "$suite")
  id=$(cat "${BASH_SOURCE[0]}" <(echo "$version $sources") /usr/local/share/ca-certificates/*.crt 2>/dev/null | sha256sum | cut -c1-16)
  [ "$(podman image inspect --format '{{.Labels.stand_in}}' "$image" 2>/dev/null)" != "$id" ] || return 0
  echo "making a stand-in for $image"

  local work root toolchain=usr/local/toolchain
  work=$(mktemp -d "$store/tmp/stand-in.XXXXXX")
  root=$work/root
  echo "$sources" >"$work/sources.list"
  apt-config dump | grep -E '^Acquire::(Check-Valid-Until|Check-Date) ' >"$work/apt.conf" || true
  # Certificates that this machine trusts beyond Debian's: a mirror may need them. A final stage takes none of this.
  mkdir -p "$work/trusted"
  cp /usr/local/share/ca-certificates/*.crt "$work/trusted" 2>/dev/null || true
  mmdebstrap --quiet --mode=root --variant=minbase --include=ca-certificates,gcc,libc6-dev \
    --aptopt="$work/apt.conf" --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' \
    --customize-hook="copy-in $work/apt.conf /etc/apt/apt.conf.d/" \
    --customize-hook="cp -r $work/trusted/. \"\$1\"/usr/local/share/ca-certificates/ && chroot \"\$1\" update-ca-certificates >/dev/null" \
    "$suite" "$root" "$work/sources.list"

  # rustup's minimal profile, file by file as its components list it
  local sysroot component
  sysroot=$(rustc --print sysroot)
  mkdir -p "$root/$toolchain"
  for component in rustc cargo rust-std; do
    sed -nE 's/^(file|dir)://p' "$sysroot/lib/rustlib/manifest-$component-$host"
  done | tar -C "$sysroot" -T - -cf - | tar -C "$root/$toolchain" -xf -

  tar -C "$root" --exclude='./dev/?*' -cf "$work/root.tar" .
  podman import --quiet --change 'ENV CARGO_HOME=/usr/local/cargo' \
    --change "ENV PATH=/$toolchain/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" \
    --change "LABEL stand_in=$id" "$work/root.tar" "$image" >/dev/null
  rm -rf --one-file-system "$work"
}

# debian_sources SUITE: where this machine gets its packages from
debian_sources() {
  [ -n "$(apt-get indextargets 'Created-By: Packages' | head -1)" ] || apt-get update -qq
  # shellcheck disable=SC2016 # apt puts the values in
  apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    grep -E " $1(-updates|-security)? main\$" | sort -u
}

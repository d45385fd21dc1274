#!/usr/bin/env bash
# Runs a command on a fresh machine: a bare Debian 12 with this machine's Node and npm, git, and nothing else.
#
#   npm run test:fresh                              npm test
#   npm run test:fresh -- 'npm test -- latex'       another command
#   npm run test:fresh -- --user 'npm run setup'    as an account that is not root
#   npm run test:fresh -- --keep 'npm run setup'    keeps the machine's files and prints where they are
#
# What is committed is cloned to the machine. Everything else must come from set-up, so a Debian package that only this
# machine has is noticed. The machine shares the network and is thrown away in the end.
#
# Needs root, debootstrap, overlayfs and Debian's sources in apt. PENTIMENTO_FRESH_HOME is where the bare system and the
# downloaded packages are kept between runs: /var/tmp/pentimento-fresh unless set, about 3 GB.
# shellcheck disable=SC2016 # apt-get and the inner shell expand what is in single quotes
set -euo pipefail

fail() {
  echo "test:fresh: $1" >&2
  exit 2
}

account=root
keep=
while [[ "${1:-}" == --* ]]; do
  case $1 in
    --user) account=visitor ;;
    --keep) keep=yes ;;
    *) fail "there is no option $1: it takes --user, --keep and a command." ;;
  esac
  shift
done
command=${*:-npm test}

[ "$(id -u)" = 0 ] || fail 'only root can make a machine: run it with sudo.'
for program in debootstrap unshare flock git node npm; do
  command -v "$program" >/dev/null || fail "$program is missing: install it first (apt-get install debootstrap util-linux git)."
done

home=${PENTIMENTO_FRESH_HOME:-/var/tmp/pentimento-fresh}
checkout=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
# Inside npm, "node" is the project's own. The fresh machine gets that of its user.
node=$(readlink -f "${npm_node_execpath:-$(command -v node)}")
npm=$(readlink -f "${npm_execpath:-$(command -v npm)}")
npm=${npm%/bin/npm-cli.js}

# The folder holds copies of npm's settings, which may have a token.
mkdir -p "$home"
chmod 700 "$home"
exec 9>"$home/lock"
flock -n 9 || { echo 'test:fresh: waiting for another run' >&2 && flock 9; }

make_base() {
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' 'Label: Debian' | head -n 1)
  [ -n "$mirror" ] || fail 'apt knows no mirror of Debian 12: add one to its sources and run "apt-get update".'
  echo "test:fresh: making a bare Debian 12 in $home" >&2
  rm -rf "$home/base"
  debootstrap --variant=minbase --include=ca-certificates,git bookworm "$home/base.new" "$mirror" >"$home/debootstrap.log" 2>&1 ||
    fail "debootstrap failed: $home/debootstrap.log says why."
  rm -rf "$home"/base.new/var/cache/apt/archives/*.deb "$home"/base.new/var/lib/apt/lists/*
  mv "$home/base.new" "$home/base"
}

# Copies a file or folder of this machine to the same path on the fresh one.
bring() {
  [ -e "$1" ] || return 0
  mkdir -p "$layer$(dirname "$1")"
  rm -rf "${layer:?}$1"
  cp -aL "$1" "$layer$1"
}

# How this machine reaches its registries, its Node and npm, and the checkout.
fill_layer() {
  local path
  for path in /etc/resolv.conf /etc/hosts /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/keyrings /etc/apt/trusted.gpg.d \
    /etc/apt/apt.conf.d /etc/apt/auth.conf.d /etc/ssl/certs /usr/local/share/ca-certificates /usr/share/keyrings /etc/npmrc /usr/etc/npmrc; do
    bring "$path"
  done
  # Images for containers have settings that delete every downloaded package.
  rm -f "$layer"/etc/apt/apt.conf.d/docker-*
  [ -e "$layer/etc/apt/sources.list" ] || { mkdir -p "$layer/etc/apt" && : >"$layer/etc/apt/sources.list"; }
  mkdir -p "$layer/usr/bin" "$layer/usr/lib/node_modules" "$layer$account_home"
  cp "$node" "$layer/usr/bin/node"
  cp -a "$npm" "$layer/usr/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$layer/usr/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$layer/usr/bin/npx"
  if [ -e "$HOME/.npmrc" ]; then cp "$HOME/.npmrc" "$layer$account_home/.npmrc"; fi
  git clone -q "$checkout" "$layer$account_home/pentimento"
}

[ -e "$home/base" ] || make_base
mkdir -p "$home/packages/partial" "$home/npm"
run=$(mktemp -d "$home/run.XXXXXX")
chmod 755 "$run"
mkdir "$run"/{layer,work,root}
layer=$run/layer
account_home=/root
[ "$account" = root ] || account_home=/home/$account
clean_up() {
  if [ -n "$keep" ]; then
    echo "test:fresh: the machine's files are in $run" >&2
  else
    rm -rf "$run"
  fi
}
trap clean_up EXIT
fill_layer

export FRESH_HOME=$home FRESH_RUN=$run FRESH_ACCOUNT=$account FRESH_USER_HOME=$account_home FRESH_COMMAND=$command
# Sandboxes on that machine need user namespaces, which a process in a chroot may not make: hence pivot_root. The process
# namespace ends what the command leaves running. That shell is its process 1, so it may not be replaced by the command.
unshare --mount --pid --ipc --uts --fork --kill-child --propagation private bash -euc '
  root=$FRESH_RUN/root
  mount -t overlay overlay -o "lowerdir=$FRESH_HOME/base,upperdir=$FRESH_RUN/layer,workdir=$FRESH_RUN/work" "$root"
  mkdir -p "$root/var/cache/npm"
  mount --bind "$FRESH_HOME/packages" "$root/var/cache/apt/archives"
  mount --bind "$FRESH_HOME/npm" "$root/var/cache/npm"
  mount -t proc proc "$root/proc"
  mount --rbind /sys "$root/sys"
  mount --rbind /dev "$root/dev"
  for folder in tmp run dev/shm; do mount -t tmpfs -o mode=1777 tmpfs "$root/$folder"; done
  mkdir "$root/.outside"
  cd "$root"
  pivot_root . .outside
  umount -l /.outside
  rmdir /.outside
  hostname fresh
  as_account=()
  if [ "$FRESH_ACCOUNT" != root ]; then
    useradd --home-dir "$FRESH_USER_HOME" --shell /bin/bash "$FRESH_ACCOUNT"
    chown -R "$FRESH_ACCOUNT:" "$FRESH_USER_HOME" /var/cache/npm
    as_account=(setpriv --reuid="$FRESH_ACCOUNT" --regid="$FRESH_ACCOUNT" --init-groups)
  fi
  cd "$FRESH_USER_HOME/pentimento"
  passed=()
  for name in http_proxy https_proxy no_proxy NODE_EXTRA_CA_CERTS SSL_CERT_FILE CI; do
    [ -z "${!name:-}" ] || passed+=("$name=${!name}")
  done
  status=0
  "${as_account[@]}" env -i HOME="$FRESH_USER_HOME" TERM=dumb npm_config_cache=/var/cache/npm PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    "${passed[@]}" bash -c "$FRESH_COMMAND" </dev/null || status=$?
  exit $status'

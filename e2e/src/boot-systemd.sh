#!/bin/sh
# Becomes systemd, in namespaces of its own, on a machine that shares all files with this one but for what a test changes.
# boot-systemd.sh WORKSPACE
set -eu
mount -t proc proc /proc
# the cgroups as seen from the one that the test made; systemd adds to the folder
hierarchies=$(awk '$2 ~ "^/sys/fs/cgroup/[^/]*$" && $3 ~ /^cgroup2?$/ { print substr($2, 16) }' /proc/self/mounts)
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  umount -l /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
else
  umount -R -l /sys/fs/cgroup
  mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
  for hierarchy in $hierarchies; do
    mkdir "/sys/fs/cgroup/$hierarchy"
    case $hierarchy in
      unified) mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified ;;
      systemd) mount -t cgroup -o none,name=systemd cgroup /sys/fs/cgroup/systemd ;;
      *) mount -t cgroup -o "$hierarchy" cgroup "/sys/fs/cgroup/$hierarchy" ;;
    esac
  done
fi
for folder in /run /var/lib /var/log /srv /usr/local/sbin; do
  mount -t tmpfs -o mode=755 tmpfs "$folder"
done
cp -a /etc /run/etc
mount --bind /run/etc /etc
mkdir -p /run/systemd/system /srv/workspace /etc/tunasync
mount --bind "$1" /srv/workspace
for command in tunasync-manager tunasync-worker tunasynctl; do
  ln -s "/srv/workspace/node_modules/.bin/$command" "/usr/local/sbin/$command"
done
# nothing else of the machine is started
printf '[Unit]\nDefaultDependencies=no\n' >/run/systemd/system/tunasync-test.target
export container=tunasync-test SYSTEMD_LOG_TARGET=console
exec /lib/systemd/systemd --system --unit=tunasync-test.target

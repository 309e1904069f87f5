#!/usr/bin/env bash
# Makes the namespaces that it is started in a machine of their own, says so in one line, and stays: see fresh-machine.ts.
#   fresh-machine.sh <empty folder> <folder of the repository>
set -euo pipefail
disk=$1
repository=$2
mount -t tmpfs -o mode=0755 tmpfs "$disk"

# place FOLDER MODE OWNER: what is there from now on is the machine's own, and empty.
place() {
  mkdir -p "$disk$1"
  chmod "$2" "$disk$1"
  chown "$3" "$disk$1"
  mkdir -p "$1"
  mount --bind "$disk$1" "$1"
}

# As the packages of Debian leave it: no cluster, nothing of ours.
mkdir "$disk/etc"
cp -a /etc/. "$disk/etc"
rm -rf "$disk"/etc/postgresql/* "$disk"/etc/pgbackrest "$disk"/etc/brownie*
mount --bind "$disk/etc" /etc
printf '%s\n' '127.0.0.1 localhost' '192.0.2.10 db.example.com' '192.0.2.11 api1' '192.0.2.12 api2' '192.0.2.13 api3' >/etc/hosts
ip link set lo up
for last in 10 11 12 13; do ip address add "192.0.2.$last/32" dev lo; done

mkdir -p "$disk/opt/brownie"
mount --bind "$repository" "$disk/opt/brownie"
mount --rbind "$disk/opt" /opt
place /var/lib 0755 root:root
place /var/log 0755 root:root
place /var/spool 0755 root:root
place /var/backups 0755 root:root
place /run 0755 root:root
place /mnt 0755 root:root
place /root 0700 root:root
place /usr/local 0755 root:root
place /tmp 1777 root:root
install -d -o postgres -g postgres -m 0755 /var/lib/postgresql
install -d -o root -g postgres -m 1775 /var/log/postgresql
install -d -o postgres -g postgres -m 2775 /run/postgresql
install -d -o postgres -g postgres -m 0750 /var/lib/pgbackrest /var/log/pgbackrest

# Nothing runs as systemd here: what the documents ask of it for PostgreSQL is done by Debian's own command.
mkdir -p /usr/local/lib/brownie-machine
cat >/usr/local/lib/brownie-machine/systemctl <<'SYSTEMCTL'
#!/bin/sh
case "$*" in
  daemon-reload) ;;
  # As systemd does, it finds nothing to do where the cluster is gone.
  'stop postgresql@15-main') [ ! -e /var/lib/postgresql/15/main ] || exec pg_ctlcluster 15 main stop ;;
  'start postgresql@15-main' | 'restart postgresql@15-main') exec pg_ctlcluster 15 main "$1" ;;
  *) echo "systemctl $*: not on this machine" >&2; exit 1 ;;
esac
SYSTEMCTL
chmod 0755 /usr/local/lib/brownie-machine/systemctl

# What an operator has cloned: root, and postgres, who may not look into root's folders.
for home in /root /var/lib/postgresql; do
  mkdir "$home/brownie"
  ln -s /opt/brownie/deploy "$home/brownie/deploy"
done
chown postgres:postgres /var/lib/postgresql/brownie

echo ready
# The first process takes in what is orphaned: a bash, which looks after what has ended. One that is killed and stays a zombie is
# alive to PostgreSQL.
while true; do
  sleep 60 &
  wait $!
done

/**
 * A script for `sh -c` that becomes the server, and leaves a watchdog behind that outlives the service.
 *
 * Arguments: the data folder, then the command. File 3 is a pipe from the service, which writes a line to it once
 * the server is gone. When the pipe ends without that line, the service was killed: the watchdog stops the server.
 *
 * It ignores SIGTERM, which service managers send to every process of a service. Two forks make it, so that the
 * server never sees a child that it does not know. It signals only a process that works on the data folder: the
 * number alone may belong to somebody else by then.
 */
export const watchdogScript = `
data=$1
shift
(
  (
    trap '' TERM
    read -r line && exit 0
    serves() {
      if [ -e /proc/self/cwd ]; then [ /proc/$$/cwd -ef "$data" ]; else ps -ww -p $$ -o command= | grep -qF "$data"; fi
    }
    serves && kill -INT $$
    tries=50
    while serves && [ $tries -gt 0 ]; do sleep 0.2; tries=$((tries - 1)); done
    serves && kill -QUIT $$
  ) <&3 >/dev/null 2>&1 &
)
exec "$@" 3<&-
`;

# Replaces the client of `docker run` after its death: passes the container's output on and ends with its exit code.
#
#   sh docker-follow.sh DOCKER CONTAINER SINCE   with: 1 = the log
#
# SINCE: the log has the output up to then. When the engine does not report the exit code, this dies by SIGKILL, which
# does not count as the command's end.

{
  # not every log driver can be read back; without, output without a listener is lost
  "$1" logs --follow --since "$3" "$2" || "$1" attach --no-stdin --sig-proxy=false "$2"
} 2>&1 &
code=$("$1" wait "$2") 2>/dev/null
wait
case $code in
  '' | *[!0-9]*) kill -KILL $$ ;;
esac
exit "$code"

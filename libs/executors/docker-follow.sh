# Stands in for the client of `docker run` after that has died: passes the container's output on and ends with its exit code.
#
#   sh docker-follow.sh DOCKER CONTAINER SINCE   with: 1 = the log
#
# SINCE: the output up to then is in the log already. When the engine would not tell the exit code it dies by SIGKILL, which
# is not taken for the command's end.

{
  # not every log driver can be read back; without, what was said while nobody listened is lost
  "$1" logs --follow --since "$3" "$2" || "$1" attach --no-stdin --sig-proxy=false "$2"
} 2>&1 &
code=$("$1" wait "$2") 2>/dev/null
wait
case $code in
  '' | *[!0-9]*) kill -KILL $$ ;;
esac
exit "$code"

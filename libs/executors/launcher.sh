# Runs a command and records its exit code for a worker that may have crashed before the end.
#
#   sh launcher.sh [-g FILE] PROGRAM [ARGUMENT...]   with: 1 = the log, 2 = the exit record
#
# -g FILE: enter the cgroup whose cgroup.procs this is, before anything else; without it the command does not run.
#
# The shell reports on its standard error when a signal ended the command ("Killed"); that distinguishes an
# exit code such as 137 from a death by signal. The record is that text, if any, and a last line
# "exit CODE". It must be a script file: bash is silent under -c.

# outlive the group's SIGTERM until the command is gone; unlike an ignored signal, a trap is not inherited
trap : HUP INT QUIT TERM
if [ "$1" = -g ]; then
  # 0 stands for the process that writes it
  if ! { echo 0 >"$2"; } 2>&1; then
    echo "cannot enter the cgroup of $2"
    echo 'exit 126' >&2
    exit 126
  fi
  shift 2
fi
# exec: a program of that name, never a builtin of the shell
(exec "$@") 2>&1
code=$?
echo "exit $code" >&2
exit "$code"

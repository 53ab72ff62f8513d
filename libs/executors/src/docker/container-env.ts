import { ExecutorError } from '../executor/executor-error.js';

/** How the values of a command reach its container. */
export interface ContainerEnv {
  /** For `--env-file`. */
  file: string;
  /** For `-e NAME`, which takes the value from the client's own environment. */
  byClient: Readonly<Record<string, string>>;
}

/** The longest line that the client reads in an env-file. Source: `bufio.MaxScanTokenSize` of Go, less the line's end. */
const longestLine = 65_000;

/**
 * Names that change what the client itself does: its own settings and those of Go's runtime and network library, of
 * ssh (`ssh://` engines), and of the dynamic loader.
 */
const clientsOwn =
  /^(DOCKER_.*|BUILDKIT_.*|BUILDX_.*|COMPOSE_.*|OTEL_.*|PATH|HOME|USER|LOGNAME|SHELL|PWD|TMPDIR|TERM|TZ|ZONEINFO|LANG|LANGUAGE|LC_.*|NO_COLOR|NO_PROXY|[A-Z]+_PROXY|REQUEST_METHOD|XDG_.*|SSH_.*|SSL_CERT_.*|GO[A-Z0-9_]*|LD_.*|GLIBC_.*|MALLOC_.*|RES_OPTIONS|LOCALDOMAIN|HOSTALIASES|ENV|IFS|BASH.*|POSIXLY_CORRECT|TUNASYNC_EXECUTION)$/i;

/**
 * Divides the values so that no value appears on a command line and none changes how the client works. An env-file
 * takes every value that fits on a line, under any name; the client's environment carries the rest.
 *
 * @throws {@link ExecutorError} for a value that neither can carry; the message has its name, not the value
 */
export function containerEnv(env: Readonly<Record<string, string>>): ContainerEnv {
  const byClient: Record<string, string> = {};
  let file = '';
  for (const [name, value] of Object.entries(env)) {
    const line = `${name}=${value}`;
    const fitsLine = !/\n|\r$/.test(value) && Buffer.byteLength(line) < longestLine;
    if (fitsLine && !/\s|^[#\uFEFF]/u.test(name)) {
      file += `${line}\n`;
      continue;
    }
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw unfit(name, 'expected a name of letters, digits and underscores');
    }
    if (clientsOwn.test(name)) {
      throw unfit(name, 'the docker client reads it too, so that its value must be one line');
    }
    byClient[name] = value;
  }
  return { file, byClient };
}

function unfit(name: string, why: string): ExecutorError {
  return new ExecutorError(`cannot hand the environment variable '${name}' to a container: ${why}`);
}
